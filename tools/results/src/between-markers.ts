export const BEGIN = "<!-- results: written by npm run results -->";
export const END = "<!-- /results -->";

/** A document with other text between its markers. */
export function betweenMarkers(document: string, text: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`there are no markers ${BEGIN} and ${END}.`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`;
}
