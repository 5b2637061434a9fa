// Our packages in other people's tools: `node tools/consumers/run.js [--out table.md] [tool …]`, after `npm run build`.
// Packs and publishes to a registry of its own, installs into projects of their own, and trains in each.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { missingBrowsers } from "./src/browsers.js";
import { publishPackages, startRegistry } from "./src/registry.js";
import { outcomes, tableOf } from "./src/table.js";
import { esbuild, next, rollup, vite, webpack } from "./src/tools/pages.js";
import { bun, deno, jest, node, pnpm } from "./src/tools/programs.js";
import { typescript } from "./src/tools/typescript.js";

const tools = {
  node,
  "typescript-5.6": typescript("5.6"),
  "typescript-5.9": typescript("5.9"),
  "typescript-7": typescript("7"),
  deno,
  bun,
  jest,
  pnpm,
  "vite-5": vite(5),
  "vite-6": vite(6),
  "vite-7": vite(7),
  "vite-8": vite(8),
  webpack,
  esbuild,
  rollup,
  next,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" }, keep: { type: "boolean" } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(tools);
const folder = await mkdtemp(join(tmpdir(), "bn-only-consumers-"));
const root = fileURLToPath(new URL("../..", import.meta.url));
const rows = [];
let registry;
try {
  registry = await startRegistry(folder);
  await publishPackages(registry, folder, root);
  for (const name of wanted) {
    const started = performance.now();
    let results;
    try {
      results = await tools[name]({ folder, rc: registry.rc });
    } catch (error) {
      results = [{ tool: name, how: "", outcome: { error: error.message } }];
    }
    for (const row of results.flatMap(outcomes)) {
      // The place says nothing to who reads the table elsewhere.
      row.fault = row.fault?.replaceAll(`${folder}/`, "");
      rows.push(row);
      // At once, so that a run that is cut off has left what it found.
      if (values.out) await writeFile(values.out, tableOf(rows));
      console.log(
        [
          row.tool,
          row.how,
          row.where,
          row.hash ?? row.said ?? "",
          row.threads ?? "",
          row.fault ?? "",
        ].join(" · "),
      );
    }
    console.log(`${name}: ${Math.round((performance.now() - started) / 1000)} s`);
  }
} finally {
  registry?.stop();
  if (values.keep) console.log(folder);
  else await rm(folder, { recursive: true, force: true });
}
for (const { name, executablePath } of missingBrowsers) {
  console.log(`skipped: ${name}, there is no ${executablePath}`);
}
const hashes = new Set(rows.flatMap(({ hash }) => hash ?? []));
const failed = rows.filter(({ fault }) => fault !== undefined).length;
console.log(
  `${rows.length - failed} of ${rows.length} work; models that were trained: ${[...hashes].join(", ")}`,
);
if (failed > 0 || hashes.size > 1) process.exitCode = 1;
