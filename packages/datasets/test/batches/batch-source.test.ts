import { describe, expect, test } from "vitest";
import { batchSource } from "../../src/batches/batch-source.ts";
import { OptionError } from "../../src/errors.ts";
import { synthetic } from "../../src/synthetic.ts";
import { cifarAugmentation } from "../../src/transforms/cifar-augmentation.ts";
import { pipeline } from "../../src/transforms/pipeline.ts";
import { resize } from "../../src/transforms/resize.ts";
import type { Transform } from "../../src/transforms/transform.ts";
import { transformRandom } from "../../src/transforms/transform-random.ts";
import type { Batch, ImageDataset } from "../../src/types.ts";
import { sha256 } from "../fixtures.ts";

const unit = { mean: [0], std: [1 / 255] };
const threeChannels = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
const tiny: ImageDataset = {
  name: "tiny",
  images: Uint8Array.from({ length: 5 * 4 }, (_, i) => i),
  labels: Uint8Array.from([0, 1, 2, 0, 1]),
  shape: [2, 2, 1],
  classes: ["a", "b", "c"],
};
const { train } = synthetic({ trainSize: 50, testSize: 1, shape: [8, 8, 3] });

describe("batchSource", () => {
  test("describes the data", () => {
    const source = batchSource(tiny, { normalization: unit });
    expect(source).toMatchObject({ size: 5, inputShape: [2, 2, 1], classes: 3 });
  });

  test("gives images and labels in the order of the data set, the partial batch too", () => {
    const source = batchSource(tiny, { normalization: unit });
    const batches = [...source.batches({ epoch: 0, batchSize: 2 })];
    expect(batches.map(({ size }) => size)).toEqual([2, 2, 1]);
    expect(batches.map(({ labels }) => [...labels])).toEqual([[0, 1], [2, 0], [1]]);
    const values = batches.flatMap(({ images }) => [...images]);
    expect(values.map(Math.round)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("uses ImageNet's constants by default", () => {
    const pixels = train.images;
    const [batch] = batchSource(train).batches({ epoch: 0, batchSize: 1 });
    expect(batch!.images[1]).toBeCloseTo((pixels[1]! / 255 - 0.456) / 0.224, 6);
  });

  test("shuffles images and labels together and covers the epoch", () => {
    const source = batchSource(tiny, { normalization: unit, shuffle: true, seed: 4 });
    const seen = [...source.batches({ epoch: 1, batchSize: 2 })].flatMap((batch) =>
      Array.from(batch.labels, (label, i) => [Math.round(batch.images[i * 4]!) / 4, label]),
    );
    expect(seen.map(([index]) => index)).not.toEqual([0, 1, 2, 3, 4]);
    seen.sort(([a], [b]) => a! - b!);
    expect(seen).toEqual([0, 1, 2, 3, 4].map((index) => [index, tiny.labels[index]]));
  });

  test("augments by index, whatever the order and the batch", () => {
    const transform = pipeline(cifarAugmentation);
    const randomOf = transformRandom(9, 2);
    const expected = Array.from({ length: 50 }, (_, index) => {
      const pixels = train.images.subarray(index * 192, (index + 1) * 192);
      return transform({ pixels, shape: train.shape }, randomOf(index)).pixels.join();
    });
    const options = { augment: true, seed: 9, normalization: threeChannels };
    const source = batchSource(train, { ...options, shuffle: true });
    const seen = [...source.batches({ epoch: 2, batchSize: 7 })].flatMap((batch) =>
      Array.from({ length: batch.size }, (_, i) =>
        batch.images
          .slice(i * 192, (i + 1) * 192)
          .map(Math.round)
          .join(),
      ),
    );
    expect(seen.sort()).toEqual(expected.sort());
  });

  test.each([0, 1, 4, 7])("startStep %i gives the bits of a run from the start", (startStep) => {
    const options = { augment: true, shuffle: true, seed: 3 };
    const whole = [...batchSource(train, options).batches({ epoch: 6, batchSize: 7 })];
    const rest = [...batchSource(train, options).batches({ epoch: 6, batchSize: 7, startStep })];
    expect(rest.map(bits)).toEqual(whole.slice(startStep).map(bits));
    expect(rest).toHaveLength(8 - startStep);
  });

  test("startStep past the end gives nothing", () => {
    const source = batchSource(train);
    expect([...source.batches({ epoch: 0, batchSize: 50, startStep: 1 })]).toEqual([]);
  });

  test("can be iterated twice, with fresh arrays", () => {
    const batches = batchSource(train, { shuffle: true }).batches({ epoch: 0, batchSize: 30 });
    const [first] = batches;
    const before = bits(first!);
    first!.images.fill(0);
    const [again] = batches;
    expect(again!.images).not.toBe(first!.images);
    expect(bits(again!)).toEqual(before);
  });

  test("two epochs read in turns do not disturb each other", () => {
    const source = batchSource(train, { shuffle: true, augment: true });
    const alone = [0, 1].map((epoch) =>
      [
        ...batchSource(train, { shuffle: true, augment: true }).batches({ epoch, batchSize: 20 }),
      ].map(bits),
    );
    const [a, b] = [0, 1].map((epoch) =>
      source.batches({ epoch, batchSize: 20 })[Symbol.iterator](),
    );
    for (let step = 0; step < 3; step++) {
      expect(bits(a!.next().value as Batch)).toEqual(alone[0]![step]);
      expect(bits(b!.next().value as Batch)).toEqual(alone[1]![step]);
    }
  });

  test.each([
    ["epoch", { epoch: -1, batchSize: 1 }],
    ["epoch", { epoch: 0.5, batchSize: 1 }],
    ["batchSize", { epoch: 0, batchSize: 0 }],
    ["batchSize", { epoch: 0, batchSize: Number.NaN }],
    ["startStep", { epoch: 0, batchSize: 1, startStep: -1 }],
  ])("refuses a bad %s", (option, options) => {
    expect(() => batchSource(train).batches(options)).toThrow(
      expect.objectContaining({ name: "OptionError", option }),
    );
  });

  test("refuses constants that do not fit the channels", () => {
    expect(() => batchSource(tiny, { normalization: threeChannels })).toThrow(OptionError);
  });

  test("normalises by the data set's own constants, or by the number of channels", () => {
    const first = (dataset: ImageDataset): number => {
      const [batch] = batchSource(dataset).batches({ epoch: 0, batchSize: 5 });
      return batch!.images[5]!;
    };
    expect(first(tiny)).toBeCloseTo((5 / 255 - 0.449) / 0.226, 6);
    expect(first({ ...tiny, normalization: { mean: [0.5], std: [2] } })).toBeCloseTo(
      (5 / 255 - 0.5) / 2,
      6,
    );
  });

  // Recorded before transforms were a list: flip, then crop with 4 pixels of padding.
  test.each([
    [
      "201ebf3770b9dcfca771f6903468c469f6353808f9b9c66851d6bb06a29bba02",
      { shape: [32, 32, 3], trainSize: 300 },
      { augment: true, shuffle: true, seed: 3 },
      { epoch: 2, batchSize: 64 },
    ],
    [
      "409c3fb99d7ed8a69557a202fd0aac05da4461503e928a7422207c89c035ddae",
      { shape: [32, 32, 3], trainSize: 300 },
      { transforms: cifarAugmentation, seed: 2 ** 40 + 1 },
      { epoch: 0, batchSize: 128, startStep: 1 },
    ],
    [
      "d93d30612ea8b83b5db7a2e15e82691256b5118fb2acaf6838a804d787b6432f",
      { shape: [5, 9, 1], trainSize: 40 },
      { augment: true, normalization: { mean: [0.5], std: [0.25] } },
      { epoch: 1, batchSize: 7 },
    ],
    [
      "a17f48e3a3bcd6f1764c19db22ac26dbc8616a621a6345a14420c476926ee483",
      { shape: [32, 32, 3], trainSize: 300 },
      {},
      { epoch: 0, batchSize: 100 },
    ],
  ] as const)("augmented batches never change: %s", (digest, images, options, request) => {
    const source = batchSource(synthetic({ ...images, testSize: 1 }).train, options);
    const bytes = [...source.batches(request)].flatMap((batch) => [
      new Uint8Array(batch.images.buffer),
      new Uint8Array(batch.labels.buffer),
    ]);
    expect(sha256(Buffer.concat(bytes))).toBe(digest);
  });

  test("transforms may change the size, and others may write them", () => {
    const invert: Transform = {
      name: "invert",
      outputShape: (shape) => shape,
      apply(image, target) {
        for (const [i, value] of image.pixels.entries()) target.pixels[i] = 255 - value;
      },
    };
    const transforms = [resize({ size: [4, 2] }), invert];
    const source = batchSource(tiny, { transforms, normalization: unit });
    expect(source.inputShape).toEqual([4, 2, 1]);
    const [batch] = source.batches({ epoch: 0, batchSize: 2 });
    expect(batch!.images).toHaveLength(2 * 8);
    expect(Math.round(batch!.images[0]!)).toBe(255);
    expect(Math.round(batch!.images[15]!)).toBe(255 - 7);
  });

  test("refuses augment and transforms at once, and what is no transform", () => {
    expect(() => batchSource(train, { augment: true, transforms: [] })).toThrow(
      "augment: expected either augment or transforms, got both.",
    );
    expect(() => batchSource(train, { transforms: ["flip"] as never })).toThrow(
      'transforms: expected { name, outputShape, apply }, got "flip" at 0.',
    );
    const wrong: Transform = { name: "wrong", outputShape: () => [0, 1, 1], apply: () => {} };
    expect(() => batchSource(train, { transforms: [wrong] })).toThrow(
      'transforms: expected "wrong" to give [height, width, channels], got [0, 1, 1].',
    );
  });

  test("refuses images and labels that do not fit each other", () => {
    const broken = { ...tiny, images: tiny.images.subarray(1) };
    expect(() => batchSource(broken, { normalization: unit })).toThrow(
      "tiny: expected 20 pixel values for 5 images of [2, 2, 1], got 19.",
    );
  });

  test.each([
    ["both splits", { train: tiny, test: tiny }],
    ["nothing", undefined],
    ["labels in a list", { ...tiny, labels: [0, 1, 2, 0, 1] }],
    ["labels that may have fractions", { ...tiny, labels: Float32Array.of(0, 1, 2, 0.5, 0) }],
  ])("refuses %s for a data set", (_, wrong) => {
    expect(() => batchSource(wrong as never)).toThrow(
      "dataset: expected one split with labels in a typed array of integers and class names",
    );
  });

  test.each([
    ["a shape of two", { shape: [2, 2] }, "shape: expected [height, width, channels], got [2, 2]."],
    ["no shape", { shape: undefined }, "shape: expected [height, width, channels], got undefined."],
    [
      "float images",
      { images: new Float32Array(20) },
      "tiny: expected pixels as bytes from 0 to 255",
    ],
    ["a label too many", { labels: Uint8Array.of(0, 1, 2, 3, 0) }, "got 3 for image 3."],
    ["no classes", { classes: [] }, "tiny: expected class names, got none."],
  ])("refuses %s", (_, change, message) => {
    expect(() => batchSource({ ...tiny, ...change } as never)).toThrow(message);
  });

  test("refuses a negative seed", () => {
    expect(() => batchSource(train, { seed: -1 })).toThrow("seed: expected an integer at least 0");
  });
});

function bits(batch: Batch): string {
  return `${batch.labels.join()}|${new Uint32Array(batch.images.buffer).join()}`;
}
