import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run } from "./support/io.ts";

let model: Awaited<ReturnType<typeof trainTiny>>;
/** The same model with planted gammas and betas in `stage2/block1/bn1`. */
let planted: string;

beforeAll(async () => {
  model = await trainTiny();
  planted = join(model.folder, "..", "planted.safetensors");
  await writeAltered(model.bytes, planted, ({ tensors }) => {
    const set = (path: string, values: readonly number[]): void => {
      const stored = tensors.get(path)!;
      const all = Float32Array.from(stored.values).fill(1);
      all.set(values);
      tensors.set(path, { ...stored, values: all });
    };
    for (const path of tensors.keys()) if (path.endsWith("/gamma")) set(path, []);
    set("stage2/block1/bn1/gamma", [0, -0.005, 0.03, -1]);
    set("stage2/block1/bn1/beta", [-1, -1, 1]);
  });
});

interface Result {
  readonly models: readonly {
    readonly file: string;
    readonly affine: {
      readonly overall: { disabled: number[]; gamma: { negative: number; count: number } };
      readonly layers: { path: string; disabled: number[]; gamma: { histogram: object } }[];
    };
    readonly tested?: {
      readonly thresholds: { threshold: number; share: number; accuracy: number }[];
      readonly layers: Record<string, { dead: number; channels: number }>;
    };
  }[];
}

const resultOf = (out: string): Result => parseLines(out).at(-1) as unknown as Result;

describe("analyze", () => {
  test("planted gammas and a planted dead channel, as objects", async () => {
    const { code, out, err } = await run(["analyze", planted, "--backend", "wasm", "--json"]);
    expect([code, err]).toEqual([0, ""]);
    const [found] = resultOf(out).models;
    // 336 features; of |gamma| there are 0, 0.005 and 0.03.
    expect(found!.affine.overall.disabled).toEqual([1, 2, 3, 3].map((count) => count / 336));
    expect(found!.affine.overall.gamma).toMatchObject({ count: 336, negative: 2 / 336 });
    const layer = found!.affine.layers.find(({ path }) => path === "stage2/block1/bn1")!;
    expect(layer.disabled).toEqual([1, 2, 3, 3].map((count) => count / 32));
    expect(found!.tested!.thresholds.map(({ threshold, share }) => [threshold, share])).toEqual([
      [0, 0],
      [0.001, 1 / 336],
      [0.01, 2 / 336],
      [0.05, 3 / 336],
      [0.1, 3 / 336],
    ]);
    // gamma 0 and beta −1 is zero everywhere, gamma −0.005 and beta −1 nearly so; channel 2 never is.
    expect(found!.tested!.layers["stage2/block1/bn1"]).toMatchObject({ channels: 32, dead: 2 });
  });

  test("two models beside each other, for people, in 80 columns", async () => {
    const { code, out, err } = await run(["analyze", model.folder, planted, "--backend", "wasm"]);
    expect([code, err]).toEqual([0, ""]);
    const text = out.slice(out.indexOf("\nA: "));
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
    expect(text).toContain("B: cifar-resnet-8, condition bn, seed 0");
    expect(text).toMatch(/^\|gamma\| < {2}A share {2}A accuracy {2}A no beta {2}B share/m);
    expect(text).toMatch(/^stage2\/block1\/bn1 +\d\.\d % +6\.3 % /m);
  });

  test("--out: a page that loads nothing, with a curve for each model in each figure", async () => {
    const page = join(model.folder, "..", "page.html");
    const args = ["analyze", model.folder, planted, "--backend", "wasm", "--out", page];
    expect((await run(args)).out.trimEnd().split("\n").at(-1)).toBe(page);
    const html = await readFile(page, "utf8");
    expect(html.match(/<figure>/g)).toHaveLength(6);
    // Accuracy has two curves for each model, with and without beta.
    expect(html.match(/<path class="curve before"/g)).toHaveLength(7);
    expect(html.match(/<path class="curve after"/g)).toHaveLength(7);
    expect(html).not.toMatch(/NaN|undefined|Infinity|https?:|<script|<link/);
    const again = await run(args);
    expect([again.code, again.err]).toEqual([
      2,
      `error: ${page} exists already. Choose another --out, or add --overwrite.\n`,
    ]);
  });

  test("--no-evaluate looks at no images, and at thresholds that were asked for", async () => {
    const args = "--no-evaluate --thresholds 0,0.02,2 --backend wasm".split(" ");
    const { code, out } = await run(["analyze", planted, ...args]);
    expect(code).toBe(0);
    expect(out.match(/^as it is +0\.00 %$/gm)).toHaveLength(1);
    expect(out).toMatch(/^0 +0\.00 %$/m);
    expect(out).toContain("0.02         0.60 %");
    expect(out).toContain("2          100.00 %");
    expect(out).not.toContain("test images");
  });

  test.each([
    [
      ["--thresholds", "0.1,much"],
      '--thresholds must be ascending numbers from 0 with commas between them, such as 0.001,0.01,0.1, got "0.1,much".',
    ],
    [["--thresholds", "0.1,0.01"], "--thresholds must be ascending numbers"],
    [["--thresholds", "-1"], "--thresholds must be ascending numbers"],
    [["--thresholds", ""], "--thresholds must be ascending numbers"],
    [["--almost", "0"], '--almost must be a number above 0 and up to 1, got "0".'],
    [
      ["--dataset", "synthetic", "--input-shape", "8x8x1"],
      "is of a network for images of 3 channels, those of synthetic have 1.",
    ],
    [
      ["--data-dir", "/nowhere", "--dataset", "cifar10"],
      "the folder /nowhere: expected a folder with",
    ],
  ])("%j is told in one line", async (args, message) => {
    const { code, err } = await run(["analyze", planted, "--backend", "wasm", ...args]);
    expect(code).not.toBe(0);
    expect(err).toContain(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("runs that were interrupted or have diverged, folders that are none", async () => {
    const folder = join(await temporaryFolder(), "half");
    await cp(model.folder, folder, {
      recursive: true,
      filter: (path) => !path.endsWith(".safetensors"),
    });
    const file = join(folder, "run.json");
    const whole = JSON.parse(await readFile(file, "utf8")) as object;
    for (const [status, words] of [
      ["running", "holds a run that was interrupted: its process is gone"],
      ["diverged", "holds a run that has not finished (diverged)"],
    ] as const) {
      await writeFile(file, JSON.stringify({ ...whole, status, result: undefined }));
      for (const command of ["analyze", "prune", "fold", "card"]) {
        const { code, err } = await run([command, folder]);
        expect(code).toBe(2);
        expect(err).toContain(words);
      }
    }
    const nothing = join(await temporaryFolder(), "nothing");
    const { code, err } = await run(["analyze", nothing]);
    expect([code, err]).toEqual([
      2,
      `error: there is no file ${nothing}. Name the model.safetensors of a run folder.\n`,
    ]);
  });
});
