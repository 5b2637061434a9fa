import { expect, test } from "vitest";
import { arrays } from "../src/arrays.ts";
import type { ArraysOptions } from "../src/arrays.ts";
import { batchSource } from "../src/batches/batch-source.ts";

const images = Uint8Array.from({ length: 12 }, (_, i) => i);
const options: ArraysOptions = {
  images,
  labels: [0, 2, 1],
  shape: [2, 2, 1],
  classes: ["a", "b", "c"],
};

test("arrays: a data set that shares the pixels", () => {
  const dataset = arrays({ ...options, name: "mine", normalization: { mean: [0], std: [1] } });
  expect(dataset.images.buffer).toBe(images.buffer);
  expect(dataset).toEqual({
    name: "mine",
    images,
    labels: Uint8Array.from([0, 2, 1]),
    shape: [2, 2, 1],
    classes: ["a", "b", "c"],
    normalization: { mean: [0], std: [1] },
  });
  const [batch] = batchSource(dataset).batches({ epoch: 0, batchSize: 3 });
  expect(batch!.images[11]).toBeCloseTo(11 / 255, 6);
  expect([...batch!.labels]).toEqual([0, 2, 1]);
});

test("arrays: a number of classes, as many as you like", () => {
  const dataset = arrays({ ...options, labels: [0, 70_000, 300], classes: 70_001 });
  expect(dataset.labels).toEqual(Int32Array.from([0, 70_000, 300]));
  expect(dataset.classes[300]).toBe("class 300");
  const [batch] = batchSource(dataset).batches({ epoch: 0, batchSize: 3 });
  expect([...batch!.labels]).toEqual([0, 70_000, 300]);
});

test("arrays: the pixels of a canvas", () => {
  const clamped = new Uint8ClampedArray(images.buffer, 4, 8);
  const dataset = arrays({ ...options, images: clamped, labels: [0, 1] });
  expect([...dataset.images]).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
});

test.each([
  [
    "too few pixels",
    { shape: [2, 3, 1] as const },
    "arrays: expected 18 pixel values for 3 images",
  ],
  ["a label beyond the classes", { labels: [0, 3, 1] }, "from 0 to 2, got 3 for image 1."],
  ["a negative label", { labels: [0, -1, 1] }, "from 0 to 2, got -1 for image 1."],
  ["a label that is no integer", { labels: [0, 0.5, 1] }, "got 0.5 for image 1."],
  ["NaN for a label", { labels: [Number.NaN, 0, 1] }, "got NaN for image 0."],
  ["float images", { images: new Float32Array(12) as never }, "images: expected pixels as bytes"],
  ["no images", { images: new Uint8Array(0), labels: [] }, "arrays: expected images, got none."],
  ["no classes", { labels: [], images: new Uint8Array(0), classes: [] }, "arrays: expected images"],
  [
    "a shape of two",
    { shape: [2, 6] as never },
    "shape: expected [height, width, channels], got [2, 6].",
  ],
  ["a side of 0", { shape: [0, 2, 1] as const }, "shape height: expected an integer"],
])("arrays: refuses %s", (_, change, message) => {
  expect(() => arrays({ ...options, ...change })).toThrow(
    expect.objectContaining({ name: "OptionError", message: expect.stringContaining(message) }),
  );
});
