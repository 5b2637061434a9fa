import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Typedoc numbers names that repeat on a page and counts some that it then writes no heading for. Takes numbers
 * above the last heading of that name back to it.
 */
export function mendAnchors(folder) {
  const pages = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".md"));
  const counts = new Map(pages.map((page) => [page, headingCounts(join(folder, page))]));
  for (const page of pages) {
    const text = readFileSync(join(folder, page), "utf8");
    const mended = text.replaceAll(
      /\]\(([^#)\s]*)#([a-z0-9]+)-(\d+)\)/g,
      (link, path, name, number) => {
        const target = path === "" ? page : join(dirname(page), path);
        const count = counts.get(target)?.get(name);
        if (count === undefined || Number(number) < count) return link;
        return `](${path}#${name}${count === 1 ? "" : `-${count - 1}`})`;
      },
    );
    writeFileSync(join(folder, page), mended);
  }
}

function headingCounts(file) {
  const counts = new Map();
  for (const [, words] of readFileSync(file, "utf8").matchAll(/^#+ (\w+)\S*$/gm)) {
    const name = words.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
