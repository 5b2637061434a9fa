import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { measureNormalization, synthetic } from "@bn-only/datasets";
import { readModel } from "@bn-only/trainer";
import { expect, test } from "vitest";
import { trainTiny, writeAltered } from "./support/fixtures.ts";
import { temporaryFolder } from "./support/folder.ts";
import { parseLines, run, tiny } from "./support/io.ts";

async function trainMeasured() {
  const folder = join(await temporaryFolder(), "run");
  const args = ["train", ...tiny, "--normalization", "measured", "--no-report", "--out", folder];
  const { code, err } = await run([...args, "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const file = join(folder, "model.safetensors");
  return { folder, file, bytes: await readFile(file) };
}

test("--normalization measured: the model file has the constants of the training images, and evaluate takes them", async () => {
  const { folder, file, bytes } = await trainMeasured();
  const { notes, inputShape, classes } = (await readModel(bytes)).metadata;
  const record = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as {
    options: { trainSize: number; testSize: number; seed: number };
  };
  const { trainSize, testSize, seed } = record.options;
  const shape = inputShape as readonly [number, number, number];
  const { train } = synthetic({ trainSize, testSize, classes, shape, seed });
  const { mean, std } = measureNormalization(train);
  expect(notes).toMatchObject({ normalization: "measured", mean: mean.join(), std: std.join() });

  const { out } = await run(["evaluate", file, "--json"]);
  const { testAccuracy, testLoss } = parseLines(out).at(-1)!;
  expect(String(testAccuracy)).toBe(notes["testAccuracy"]);
  expect(String(testLoss)).toBe(notes["testLoss"]);
});

test("--normalization measured: other constants give another model", async () => {
  const [measured, own] = [await trainMeasured(), await trainTiny()];
  const losses = [measured, own].map(
    async ({ bytes }) => (await readModel(bytes)).metadata.notes["testLoss"],
  );
  const [here, there] = await Promise.all(losses);
  expect(here).not.toBe(there);
});

test.each([
  ["no std", "std", undefined],
  ["a mean of one channel", "mean", "0.5"],
  ["words", "mean", "a,b,c"],
])("evaluate: a model with %s is told to name its constants", async (_name, note, value) => {
  const { folder, bytes } = await trainMeasured();
  const file = join(folder, "altered.safetensors");
  await writeAltered(bytes, file, ({ metadata }) => {
    if (value === undefined) metadata.delete(note);
    else metadata.set(note, value);
  });
  const { code, err } = await run(["evaluate", file]);
  expect(code).toBe(2);
  expect(err).toMatch(/^error: --normalization measured: expected the mean and std of 3 channels/);
});
