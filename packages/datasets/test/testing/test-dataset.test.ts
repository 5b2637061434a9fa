import { describe, expect, test } from "vitest";
import {
  DatasetError,
  type ImageDatasetDefinition,
  OptionError,
  synthetic,
} from "../../src/index.ts";
import { testDataset } from "../../src/testing/test-dataset.ts";

const info = {
  name: "tiny",
  description: "nothing",
  shape: [4, 4, 1],
  classes: 3,
  trainSize: 20,
  testSize: 6,
  licence: "none",
  download: false,
} as const;
const splits = () => synthetic({ trainSize: 20, testSize: 6, shape: [4, 4, 1], classes: 3 });
const right: ImageDatasetDefinition = { info, load: async () => splits() };

describe("a right data set passes", () => {
  testDataset(test, right, { firstLabels: [0, 1, 2, 0] });
});

async function fault(definition: unknown, expected = {}): Promise<string> {
  const runs: (() => Promise<void>)[] = [];
  testDataset((_, run) => runs.push(run), definition as ImageDatasetDefinition, expected);
  for (const run of runs) {
    const error: unknown = await run().catch((reason: unknown) => reason);
    if (error !== undefined) return DatasetError.isInstance(error) ? error.message : String(error);
  }
  return "none";
}

test.each([
  ["fewer images", { info: { ...info, trainSize: 21 } }, "train has 20 images, info says 21"],
  ["another shape", { info: { ...info, shape: [4, 4, 3] } }, "train is of 4x4x1"],
  [
    "a class without images",
    { load: async () => ({ ...splits(), test: { ...splits().test, labels: new Uint8Array(6) } }) },
    "test has no class 1, class 2",
  ],
  [
    "other images the second time",
    {
      load: async () =>
        synthetic({
          trainSize: 20,
          testSize: 6,
          shape: [4, 4, 1],
          classes: 3,
          seed: Math.floor(Math.random() * 1e9),
        }),
    },
    "the images of train differ",
  ],
])("%s: a fault with its figures", async (_, change, message) => {
  expect(await fault({ ...right, ...change })).toContain(message);
});

test("other first labels, and what is no data set", async () => {
  expect(await fault(right, { firstLabels: [2] })).toBe("testDataset: the first labels are 0.");
  expect(() => testDataset(() => undefined, {} as ImageDatasetDefinition)).toThrow(OptionError);
});
