const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for HTML, in elements and in quoted attributes. */
export function escape(text: string | number): string {
  return String(text).replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
