import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** Modules that are imported as soon as the file is: not those of `import()`. */
async function importedBy(file: URL, seen = new Set<string>()): Promise<Set<string>> {
  const code = await readFile(file, "utf8");
  for (const [, name] of code.matchAll(/^(?:import|export)\b[^"']*?["']([^"']+)["'];/gm)) {
    if (seen.has(name!)) continue;
    seen.add(name!);
    if (name!.startsWith(".")) await importedBy(new URL(name!, file), seen);
  }
  return seen;
}

test("index.js as built: no Node module and no decoder before it is needed", async () => {
  const modules = await importedBy(new URL("../dist/index.js", import.meta.url));
  const packages = [...modules].filter((name) => !name.startsWith("."));
  expect(packages.sort()).toEqual(["modern-tar"]);
});
