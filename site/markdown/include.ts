import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pageOf } from "./page-of.ts";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface Expanded {
  readonly text: string;
  /** The files that were included. */
  readonly files: readonly string[];
}

/**
 * Puts `<!--@include: file.md-->` and `<!--@include: file.md#heading-->` into a page. VitePress 1 has the first form; the second is
 * what stands below a heading, as VitePress 2 has it. Links in what is included are relative to the file that it comes from:
 * they become links to pages of the site, or plain text where the site has no such page.
 *
 * @throws Error when there is no such file or heading
 */
export function expandIncludes(text: string, file: string): Expanded {
  const files: string[] = [];
  const expanded = text.replaceAll(/^<!--@include: (\S+?)(?:#(\S+))?-->$/gm, (_, path, heading) => {
    const source = resolve(dirname(file), path as string);
    files.push(source);
    const whole = readFileSync(source, "utf8");
    const part = heading === undefined ? whole : below(whole, heading as string, source);
    return outsideCode(part.trim(), (prose) => moveLinks(prose, source, file));
  });
  return { text: expanded, files };
}

/** What stands between a heading and the next one of its level. */
function below(text: string, slug: string, source: string): string {
  const lines = text.split("\n");
  const levels = headingLevels(lines);
  const start = lines.findIndex((line, i) => levels[i] !== undefined && slugOf(line) === slug);
  if (start === -1) throw new Error(`${source} has no heading "#${slug}"`);
  const end = levels.findIndex(
    (level, i) => i > start && level !== undefined && level <= levels[start]!,
  );
  return lines.slice(start + 1, end === -1 ? undefined : end).join("\n");
}

function headingLevels(lines: readonly string[]): (number | undefined)[] {
  let inCode = false;
  return lines.map((line) => {
    if (line.startsWith("```")) inCode = !inCode;
    return inCode ? undefined : /^(#+) /.exec(line)?.[1]!.length;
  });
}

const slugOf = (line: string): string =>
  line
    .replace(/^#+ /, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

function outsideCode(text: string, change: (prose: string) => string): string {
  return text
    .split(/(^```.*?^```$)/ms)
    .map((part) => (part.startsWith("```") ? part : change(part)))
    .join("");
}

function moveLinks(text: string, source: string, page: string): string {
  return text.replaceAll(/(!?)\[([^[\]]*)\]\(([^)\s]+)\)/g, (link, image, words, target) => {
    if (/^(https?:|#)/.test(target as string)) return link as string;
    const [path, anchor = ""] = (target as string).split(/(?=#)/) as [string, string?];
    const wanted = resolve(dirname(source), path);
    if (image === "!") return `![${words}](./${relative(dirname(page), wanted)})`;
    const where = pageOf(relative(repository, wanted));
    if (where === undefined) return words as string;
    return `[${words}](${where.includes("#") ? where : where + anchor})`;
  });
}
