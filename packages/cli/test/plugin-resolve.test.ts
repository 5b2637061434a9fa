import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadPlugins } from "../src/plugins/load.ts";
import { resolvePlugin } from "../src/plugins/resolve.ts";
import { temporaryFolder } from "./support/folder.ts";

let folder: string;

async function addPackage(name: string, exports: unknown): Promise<void> {
  const path = join(folder, "node_modules", name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "package.json"), JSON.stringify({ name, type: "module", exports }));
  await writeFile(join(path, "main.js"), "export const datasets = [];");
}

beforeAll(async () => {
  folder = await realpath(await temporaryFolder());
  await addPackage("plain", "./main.js");
  await addPackage("@scope/import-only", { ".": { types: "./x.d.ts", import: "./main.js" } });
  await addPackage("subpaths", {
    "./plugin": { node: { import: "./main.js" } },
    ".": "./other.js",
  });
  await writeFile(join(folder, "plugin.mjs"), "export const datasets = [];");
});

describe("resolvePlugin", () => {
  test.each([
    ["./plugin.mjs", "plugin.mjs"],
    ["plain", "node_modules/plain/main.js"],
    ["@scope/import-only", "node_modules/@scope/import-only/main.js"],
    ["subpaths/plugin", "node_modules/subpaths/main.js"],
  ])("%s is looked up from the folder that is named", (module, file) => {
    expect(resolvePlugin(module, folder)).toBe(join(folder, file));
    expect(resolvePlugin(join(folder, "plugin.mjs"), "/")).toBe(join(folder, "plugin.mjs"));
  });

  test.each(["./none.mjs", "none", "plain/none", "subpaths/none"])("%s is not there", (module) => {
    expect(() => resolvePlugin(module, folder)).toThrow(Error);
  });
});

test("loadPlugins: two plugins with one name are told apart by their modules", async () => {
  const dataset = "{ info: { name: 'mine', shape: [8, 8, 3] }, load() {} }";
  for (const name of ["a", "b"]) {
    await writeFile(join(folder, `${name}.mjs`), `export const datasets = [${dataset}];`);
  }
  await expect(loadPlugins(["./a.mjs", "./b.mjs"], folder)).rejects.toThrow(
    '--plugin ./b.mjs: its export "datasets" has "mine", which --plugin ./a.mjs has already. Rename it there.',
  );
});
