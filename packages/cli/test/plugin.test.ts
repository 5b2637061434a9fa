import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../src/io.ts";
import { spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run } from "./support/io.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}/index.js`, import.meta.url));
const [architecture, dataset] = [example("custom-architecture"), example("custom-dataset")];
const quick = ["--epochs", "1", "--batch-size", "50", "--backend", "wasm", "--no-augment"];

async function pluginFile(contents: string): Promise<string> {
  const file = join(await temporaryFolder(), "plugin.mjs");
  await writeFile(file, contents);
  return file;
}

describe("--plugin", () => {
  test("someone's architecture and data set: train, run.json, model file, evaluate", async () => {
    const folder = join(await temporaryFolder(), "run");
    const plugins = ["--plugin", architecture, "--plugin", dataset];
    const data = ["--dataset", "shapes", "--train-size", "100"];
    const { code, out } = await run([
      "train",
      "conv-mixer-8-1",
      ...plugins,
      ...data,
      ...quick,
      "--json",
      "--out",
      folder,
    ]);
    expect(code).toBe(0);
    const accuracy = parseLines(out).at(-1)!["testAccuracy"];
    const { options } = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as {
      options: { plugin: string[] };
    };
    expect(options.plugin).toEqual([architecture, dataset]);

    const model = join(folder, "model.safetensors");
    const bare = await run(["evaluate", model]);
    expect(bare.code).toBe(2);
    expect(bare.err).toContain(
      `was trained with the plugin ${architecture}, ${dataset}, whose code is not in the file. Name it with --plugin if you trust it: --plugin ${architecture}`,
    );
    const again = await run(["evaluate", model, ...plugins, "--json"]);
    expect(parseLines(again.out).at(-1)!["testAccuracy"]).toBe(accuracy);
  });

  test("resume runs the plugin of the run once it is named again", async () => {
    const folder = join(await temporaryFolder(), "run");
    const controller = new AbortController();
    const command = [
      "train",
      "conv-mixer-8-1",
      "--plugin",
      architecture,
      "--dataset",
      "synthetic",
      "--train-size",
      "200",
      "--input-shape",
      "8x8x3",
    ];
    await run([...command, ...quick, "--json", "--out", folder], {
      signal: controller.signal,
      onWrite: (text) => text.includes('"step":2,') && controller.abort(new Interrupted()),
    });
    const bare = await run(["resume", folder]);
    expect(bare.code).toBe(2);
    expect(bare.err).toContain(`${folder} was begun with the plugin ${architecture}`);
    const { code, out } = await run(["resume", folder, "--plugin", architecture]);
    expect(code).toBe(0);
    expect(out).toContain("goes on after 2 steps");
  });

  test("a package by its name, as a user calls it from a folder that has it", async () => {
    const cwd = fileURLToPath(new URL("../../..", import.meta.url));
    const name = "@bn-only/example-custom-architecture";
    const child = spawnBin(["networks", "conv-mixer-*", "--plugin", name], { cwd });
    expect(await textOf(child.stdout)).toMatch(/^conv-mixer-32-4 +8,586 +576 /m);
  });

  test("a CommonJS module, of which Node finds no names", async () => {
    const file = join(await temporaryFolder(), "plugin.cjs");
    const definition = `{ info: { name: "mine", shape: [8, 8, 3] }, load() {} }`;
    await writeFile(
      file,
      `const mine = [${definition}];\nmodule.exports = Object.assign({}, { datasets: mine });`,
    );
    // Node itself, since a test runner would spread what the module exports.
    const child = spawnBin(["networks", "cifar-resnet-8", "--plugin", file]);
    const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
    expect([await out, await err]).toEqual([expect.stringContaining("cifar-resnet-8"), ""]);
  });

  test("lists: its names stand beside ours", async () => {
    const networks = await run(["networks", "conv-*", "--plugin", architecture]);
    expect(networks.out).toContain("conv-mixer-32-4");
    const datasets = await run(["datasets", "--plugin", dataset]);
    expect(datasets.out).toContain("shapes");
  });

  test("a backend of one's own", async () => {
    const backend = await pluginFile(`
      export const backends = [{
        name: "mine", couldWin: false, summary: () => "somebody's backend",
        prepare: async () => { throw new Error("not today"); },
      }];
    `);
    const { code, err } = await run(["bench", "--plugin", backend, "--backend", "mine"]);
    expect(code).toBe(1);
    expect(err).toContain("mine: not today");
  });

  test.each([
    ["export const answer = 42;", "exports none of architectures, datasets, backends"],
    [
      "export const datasets = [{}];",
      'expected its export "datasets" to be an array of definitions',
    ],
    [
      "export const architectures = [{ family: 'x', parse() {}, build() {} }];",
      "(family, parse, build, defaults, published), got something else",
    ],
    ["throw new Error('broken');", "cannot be loaded (broken)"],
    [
      "export const datasets = [{ info: { name: 'cifar10', shape: [32, 32, 3] }, load() {} }];",
      'has "cifar10", which bn-only itself has already',
    ],
  ])("%s: refused in a line", async (contents, message) => {
    const { code, err } = await run(["datasets", "--plugin", await pluginFile(contents)]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("a plugin that is not there", async () => {
    const { code, err } = await run(["datasets", "--plugin", "no-such-package"]);
    expect(code).toBe(2);
    expect(err).toMatch(
      /--plugin no-such-package cannot be found from .*Install the package there/,
    );
  });
});
