/** Advance widths of Helvetica in thousandths of the size, from its published metrics; others are as wide as a digit. */
const widths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      ["iljI.,:;|!'", 240],
      [" ftr()[]/-", 300],
      ["cksvxyzJ", 500],
      ["ABEKPSVXY&", 670],
      ["CDHNRUw", 720],
      ["GOQ", 778],
      ["mM%W", 880],
    ] as const
  ).flatMap(([characters, width]) => [...characters].map((c) => [c, width] as const)),
);

/** Of fonts that stand in for Helvetica where there is none. */
const WIDER = 1.17;

/** How wide a text is at most, about: Node has no fonts to measure it with. */
export function textWidth(text: string, size: number): number {
  const thousandths = [...text].reduce((sum, character) => sum + (widths[character] ?? 556), 0);
  return (WIDER * thousandths * size) / 1000;
}

/** Lines of a text that are at most so wide. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
