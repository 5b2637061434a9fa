import { readFileSync } from "node:fs";
import { join } from "node:path";
import { betweenMarkers } from "./between-markers.ts";
import { entryOf, readResults } from "./index-file.ts";
import { resultPages } from "./readme.ts";

/** All files that follow from the kept runs, by their paths from the root. */
export async function resultFiles(root: string): Promise<Map<string, string>> {
  const runs = readResults(join(root, "results"));
  const { readme, figures, table } = await resultPages(runs);
  return new Map([
    ["results/index.json", `${JSON.stringify(runs.map(entryOf), null, 2)}\n`],
    ["results/README.md", readme],
    ...[...figures].map(([name, svg]): [string, string] => [`results/${name}`, svg]),
    ["README.md", betweenMarkers(readFileSync(join(root, "README.md"), "utf8"), table)],
  ]);
}
