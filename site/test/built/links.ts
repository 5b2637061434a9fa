import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "htmlparser2";

interface Links {
  /** What leads nowhere, each with the page that it is on. */
  readonly broken: readonly string[];
  /** Pages that some page links to. */
  readonly linked: ReadonlySet<string>;
}

/** Follows every `href` and `src` of a built site that stays on it, anchors included. */
export function checkLinks(folder: string, pages: readonly string[], base: string): Links {
  const read = new Map(pages.map((page) => [page, readPage(join(folder, page))]));
  const linked = new Set<string>();
  const broken = new Set<string>();
  for (const [page, { targets }] of read) {
    for (const target of targets) {
      const { host, pathname, hash } = new URL(target, `http://site${base}${page}`);
      if (host !== "site") continue;
      const path = decodeURIComponent(pathname);
      const inside = path.startsWith(base) ? path.slice(base.length) : undefined;
      const file = inside === "" || inside?.endsWith("/") ? `${inside}index.html` : inside;
      const ids = file === undefined ? undefined : read.get(file)?.ids;
      if (ids && file !== page) linked.add(file!);
      const there = ids
        ? hash === "" || ids.has(decodeURIComponent(hash.slice(1)))
        : isFile(folder, file);
      if (!there) broken.add(`${target} on ${page}`);
    }
  }
  return { broken: [...broken], linked };
}

function readPage(file: string): { readonly targets: Set<string>; readonly ids: Set<string> } {
  const targets = new Set<string>();
  const ids = new Set<string>();
  const parser = new Parser({
    onopentag(_name, { id, href, src }) {
      if (id) ids.add(id);
      [href, src].filter((target) => target !== undefined).forEach((target) => targets.add(target));
    },
  });
  parser.end(readFileSync(file, "utf8"));
  return { targets, ids };
}

const isFile = (folder: string, file: string | undefined): boolean =>
  file !== undefined && existsSync(join(folder, file));
