import { printable } from "@bn-only/errors";

/** Text from a file as text, not as Markdown: on one line, with nothing that means something. */
export function plain(text: string): string {
  return printable(text.replaceAll(/\s+/g, " ")).replaceAll(/[\\`*_{}[\]<>#|]/g, String.raw`\$&`);
}

/** Text from a file as code in a line, where nothing needs to be escaped and a backtick would end it. */
export function inlineCode(text: string): string {
  const safe = printable(text.replaceAll(/\s+/g, " ")).replaceAll("`", "'");
  return `\`${safe.replaceAll("|", String.raw`\|`)}\``;
}

/** Cells are Markdown. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [first, ...others] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(first!), line(first!.map(() => "---")), ...others.map(line)].join("\n");
}

/** A block of code; no line of it can end the block. */
export function code(language: string, lines: string): string {
  const safe = lines.split("\n").map((line) => printable(line).replaceAll("```", "'''"));
  return ["```" + language, ...safe, "```"].join("\n");
}
