import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeSafetensors } from "@bn-only/trainer";
import { beforeAll, describe, expect, test } from "vitest";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { parseLines, run } from "./support/io.ts";

let model: Awaited<ReturnType<typeof trainTiny>>;
/** The same model with zeros in `stage1/block1/bn1`: one constant above zero and three dead channels. */
let planted: string;
let place: (name: string) => string;

beforeAll(async () => {
  model = await trainTiny();
  place = (name) => join(model.folder, "..", name);
  planted = place("planted.safetensors");
  await writeAltered(model.bytes, planted, ({ tensors }) => {
    for (const [name, channels] of [
      ["gamma", { 1: 0, 2: 0, 5: 0, 9: 0 }],
      ["beta", { 1: 0.5, 2: -1, 5: -0.1, 9: 0 }],
    ] as const) {
      const stored = tensors.get(`stage1/block1/bn1/${name}`)!;
      Object.assign(stored.values, channels);
    }
  });
});

const resultOf = (out: string): Record<string, unknown> => parseLines(out).at(-1)!;

describe("prune", () => {
  test("planted zeros: what goes, what stays equal, and that evaluate reads the file", async () => {
    const out = place("pruned.safetensors");
    const pruned = await run(["prune", planted, "--out", out, "--backend", "wasm", "--json"]);
    expect([pruned.code, pruned.err]).toEqual([0, ""]);
    const result = resultOf(pruned.out);
    // Channel 1 stays, since it is a constant at no border; three of 16 go, with 9 · 16 weights before, 9 · 16 behind and gamma and beta.
    expect(result).toMatchObject({
      out,
      threshold: 0,
      parameters: [78042, 78042 - 3 * (9 * 16 + 9 * 16 + 2)],
      // The convolutions of stem and stages on 32x32, 16x16 and 8x8 pixels, and the head.
      macs: [12501632, 12501632 - 3 * 2 * 9 * 16 * 1024],
    });
    expect(result["largestDifference"]).toBeLessThan(1e-5 * (result["largestOutput"] as number));
    const [before, after] = result["accuracy"] as [number, number];
    expect(after).toBe(before);
    const { tensors, metadata } = decodeSafetensors(await readFile(out));
    expect(tensors.get("layer1.0.conv1.weight")!.shape).toEqual([13, 16, 3, 3]);
    expect(tensors.get("layer1.0.conv2.weight")!.shape).toEqual([16, 13, 3, 3]);
    expect(Object.fromEntries(metadata)).toMatchObject({
      form: "pruned",
      seed: "0",
      condition: "bn",
    });
    const evaluated = resultOf((await run(["evaluate", out, "--json"])).out);
    expect(evaluated).toMatchObject({ testAccuracy: after, seed: 0, network: "cifar-resnet-8" });
    const again = await run(["prune", planted, "--out", out]);
    expect(again.err).toContain(`${out} exists already. Choose another --out, or add --overwrite.`);
  });

  test("for people: a table, and plainly that a threshold changes outputs", async () => {
    const out = place("threshold.safetensors");
    const { code, out: text } = await run(["prune", planted, "--threshold", "0.3", "--out", out]);
    expect(code).toBe(0);
    expect(text).toContain(
      "gammas below 0.3 count as zero, so outputs change; see below by how much",
    );
    expect(text).toMatch(/^\|gamma\| < 0\.3: \d+ of 336 channels removed, in \d layers$/m);
    expect(text).toMatch(/^stage1\/block1\/conv1 +16 +\d+$/m);
    expect(text).toMatch(/^test accuracy +[\d.]+ % +[\d.]+ % +\+?-?[\d.]+ points$/m);
    expect(text).toContain("draws them from its seed.");
    const lines = text.split("\n").filter((line) => !/safetensors|^(On random|backend)/.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("the file says on how many images it was tested, and nothing of another data set", async () => {
    const notes = async (out: string): Promise<object> =>
      Object.fromEntries(decodeSafetensors(await readFile(out)).metadata);
    const fewer = place("fewer.safetensors");
    await run(["prune", planted, "--test-size", "3", "--out", fewer]);
    expect(await notes(fewer)).toMatchObject({ testSize: "3", dataset: "synthetic" });
    const elsewhere = place("elsewhere.safetensors");
    await writeAltered(model.bytes, elsewhere, ({ metadata }) => {
      metadata.set("dataset", "cifar10");
    });
    const other = place("other.safetensors");
    const { code } = await run(["prune", elsewhere, "--dataset", "synthetic", "--out", other]);
    expect(code).toBe(0);
    expect(await notes(other)).toMatchObject({ dataset: "cifar10" });
    expect(await notes(other)).not.toHaveProperty("testAccuracy");
  });

  test("a network whose numbers overflow is refused, and nothing is written", async () => {
    const huge = place("huge.safetensors");
    await writeAltered(model.bytes, huge, ({ tensors }) => {
      for (const [name, { values }] of tensors) if (name.endsWith("gamma")) values.fill(3e38);
    });
    const out = place("of-huge.safetensors");
    const { code, err } = await run(["prune", huge, "--no-evaluate", "--out", out]);
    expect([code, err]).toEqual([
      1,
      `error: ${huge}: the network's outputs are not finite numbers. Copy or train it again.\n`,
    ]);
    const tested = await run(["prune", huge, "--out", out]);
    expect([tested.code, tested.err]).toEqual([
      1,
      expect.stringMatching(
        /^error: .*huge\.safetensors: the network's loss is NaN\. Copy or/,
      ) as string,
    ]);
    expect(await run(["evaluate", huge])).toMatchObject({
      code: 1,
      err: `error: ${huge}: the network's loss is NaN. Copy or train it again.\n`,
    });
    expect(existsSync(out)).toBe(false);
  });

  test("a seed in the notes that is none is left out", async () => {
    const out = place("seedless.safetensors");
    const pruned = place("for-seedless.safetensors");
    await run(["prune", planted, "--no-evaluate", "--out", pruned]);
    await writeAltered(await readFile(pruned), out, ({ metadata }) => {
      metadata.set("seed", "none");
    });
    const { code, out: text } = await run(["evaluate", out, "--json"]);
    expect(code).toBe(0);
    expect(resultOf(text)).not.toHaveProperty("seed");
  });

  test("nothing to remove is told, and the file is the same network", async () => {
    const { out } = await run([
      "prune",
      model.folder,
      "--no-evaluate",
      "--out",
      place("same.safetensors"),
    ]);
    expect(out).toContain("gamma = 0: none of 336 channels can be removed.");
    expect(out).not.toContain("test accuracy");
  });

  test.each([
    [["--threshold", "small"], '--threshold must be a number from 0, got "small".'],
    [["--threshold", "-0.1"], '--threshold must be a number from 0, got "-0.1".'],
    [["--multiple", "0"], '--multiple must be a whole number from 1, got "0".'],
    [["--input-shape", "8x8x1"], "is of a network for images of 3 channels"],
  ])("%j is told in one line, and nothing is written", async (args, message) => {
    const out = place("never.safetensors");
    const { code, err } = await run(["prune", planted, "--out", out, ...args]);
    expect([code, err.trim().split("\n").length]).toEqual([2, 1]);
    expect(err).toContain(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe("fold", () => {
  test("a run, and what prune wrote: no BatchNorm is left, and outputs are equal", async () => {
    const pruned = place("to-fold.safetensors");
    await run(["prune", planted, "--no-evaluate", "--out", pruned]);
    for (const file of [model.folder, pruned]) {
      const out = place("folded.safetensors");
      const folded = await run(["fold", file, "--out", out, "--overwrite", "--json"]);
      expect([folded.code, folded.err]).toEqual([0, ""]);
      const result = resultOf(folded.out);
      expect(result).toMatchObject({ folded: 9, remaining: [] });
      expect(result["largestDifference"]).toBeLessThan(1e-5 * (result["largestOutput"] as number));
      const { tensors } = decodeSafetensors(await readFile(out));
      // A weight and a bias of 9 convolutions and the output layer.
      expect(tensors.size).toBe(20);
      expect(tensors.has("layer1.0.conv1.bias")).toBe(true);
      expect((await run(["evaluate", out, "--json"])).code).toBe(0);
    }
  });

  test("a folded network: neither folded again, nor pruned, analysed or exported", async () => {
    const out = place("folded.safetensors");
    for (const [command, message] of [
      ["fold", "has no BatchNorm behind a convolution or dense layer. There is nothing to fold."],
      ["prune", "has no gamma to go by. Prune a network before its BatchNorm is folded."],
      ["analyze", "has neither gamma nor beta. Look at a network before its BatchNorm is folded."],
      ["export", "has all weights already, under the names that PyTorch reads."],
    ] as const) {
      const { code, err } = await run([command, out]);
      expect([code, err.trim().split("\n").length]).toEqual([2, 1]);
      expect(err).toContain(message);
    }
    expect((await run(["card", out])).out).toContain("# cifar-resnet-8, BatchNorm only, folded");
  });

  test("a damaged file and the model itself as --out", async () => {
    const bad = place("bad.safetensors");
    const bytes = await readFile(place("folded.safetensors"));
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(bad, bytes);
    const { code, err } = await run(["evaluate", bad]);
    expect([code, err]).toEqual([
      1,
      `error: ${bad}: its contents are not those that were written, their checksum differs. Copy or train it again.\n`,
    ]);
    const self = await run(["fold", planted, "--out", planted, "--overwrite"]);
    expect(self.err).toContain("is the model itself. Choose another file.");
  });
});
