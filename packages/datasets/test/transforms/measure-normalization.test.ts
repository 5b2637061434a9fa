import { expect, test } from "vitest";
import {
  arrays,
  batchSource,
  imagenetNormalization,
  measureNormalization,
  OptionError,
  synthetic,
} from "../../src/index.ts";

const shape = [1, 2, 2] as const;

test("measureNormalization: mean and population deviation per channel, by hand", () => {
  // Channel 0: 0, 255, 255, 0; channel 1: 10, 20, 30, 40.
  const images = Uint8Array.of(0, 10, 255, 20, 255, 30, 0, 40);
  const { mean, std } = measureNormalization(arrays({ images, labels: [0, 1], shape, classes: 2 }));
  expect(mean[0]).toBe(0.5);
  expect(std[0]).toBe(0.5);
  expect(mean[1]).toBeCloseTo(25 / 255, 15);
  expect(std[1]).toBeCloseTo(Math.sqrt(125) / 255, 15);
});

test("what is normalised with its own constants has mean 0 and deviation 1", () => {
  const { train } = synthetic({ trainSize: 50, testSize: 1, shape: [8, 8, 1], classes: 3 });
  const normalization = measureNormalization(train);
  const source = batchSource(train, { normalization });
  expect(source.normalization).toBe(normalization);
  const [batch] = [...source.batches({ epoch: 0, batchSize: 50 })];
  const values = Float64Array.from(batch!.images);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(1e-6);
  expect(Math.abs(square - 1)).toBeLessThan(1e-6);
});

test("a source tells the constants that it normalises with", () => {
  const { train } = synthetic({ trainSize: 4, testSize: 1 });
  expect(batchSource(train).normalization).toEqual(imagenetNormalization);
});

test("measureNormalization: a channel of one value, and files, are refused", () => {
  const images = Uint8Array.of(7, 1, 7, 2, 7, 3, 7, 4);
  const flat = arrays({ images, labels: [0, 1], shape, classes: 2 });
  expect(() => measureNormalization(flat)).toThrow(OptionError);
  expect(() => measureNormalization(flat)).toThrow("channel 0 is 7 in every pixel");
  const files = { ...flat, files: ["a.png", "b.png"] };
  expect(() => measureNormalization(files)).toThrow("expected images in memory, got files");
});

test.each([
  [
    Float32Array.of(0, 0.5, 1, 0.25),
    "floating-point numbers, 0 to 1. Make Uint8Array.from(images, (value) => Math.round(value * 255))",
  ],
  [
    Float64Array.of(0, 12, 255, 3),
    "floating-point numbers, up to 255. Make Uint8Array.from(images, (value) => Math.round(value))",
  ],
  [
    Float32Array.of(-1.5, 0, 2.5, 0.25),
    "floating-point numbers, -1.5 to 2.5. Undo what normalised them first",
  ],
  [Float64Array.of(0, Number.NaN, 1, 0), "floating-point numbers, NaN to NaN. Undo"],
  [
    [0, 1, 2, 3],
    "expected pixels as bytes from 0 to 255, in a Uint8Array or Uint8ClampedArray, got",
  ],
])(
  "pixels that are no bytes are refused where they come in, with the cure: %o",
  (images, message) => {
    const options = { images: images as never, labels: [0], shape, classes: 1 };
    expect(() => arrays(options)).toThrow(`images: expected pixels`);
    expect(() => arrays(options)).toThrow(message);
    const dataset = {
      name: "mine",
      labels: Uint8Array.of(0),
      shape,
      classes: ["a"],
      images: images as never,
    };
    expect(() => batchSource(dataset)).toThrow(message);
  },
);
