import { expect, test } from "vitest";
import { OptionError } from "../src/errors.ts";
import { synthetic } from "../src/synthetic.ts";
import { sha256 } from "./fixtures.ts";

test("synthetic: sizes, shapes and classes are the ones asked for", () => {
  const { train, test: held } = synthetic({
    trainSize: 7,
    testSize: 3,
    shape: [5, 9, 1],
    classes: 3,
  });
  expect(train.images).toHaveLength(7 * 45);
  expect(held.images).toHaveLength(3 * 45);
  expect([...train.labels]).toEqual([0, 1, 2, 0, 1, 2, 0]);
  expect(train.shape).toEqual([5, 9, 1]);
  expect(train.classes).toEqual(["class 0", "class 1", "class 2"]);
});

test("synthetic: more than 256 classes", () => {
  const { train } = synthetic({ trainSize: 301, testSize: 1, shape: [4, 4, 1], classes: 300 });
  expect(train.labels).toBeInstanceOf(Uint16Array);
  expect([...train.labels.subarray(255)].slice(0, 3)).toEqual([255, 256, 257]);
  expect([train.labels[299], train.labels[300]]).toEqual([299, 0]);
  expect(train.classes).toHaveLength(300);
});

test("synthetic: never changes", () => {
  // Recorded once: a seed stands for these bytes for ever.
  const { train, test: held } = synthetic({ trainSize: 20, testSize: 10, seed: 5 });
  expect(sha256(train.images)).toBe(
    "18fb4dea8bdca33f4c80964da81f49b2abee237ea2600d99b8908f7e9db5d091",
  );
  expect(sha256(held.images)).toBe(
    "5d674aa9968c8d1b11159bfae9542e696df893d9cf3df8e7cc69abf8c4729a3d",
  );
});

test("synthetic: a longer split begins with the shorter one", () => {
  const short = synthetic({ trainSize: 4 }).train.images;
  const long = synthetic({ trainSize: 8 }).train.images;
  expect(long.subarray(0, short.length)).toEqual(short);
});

test("synthetic: seeds and splits differ", () => {
  const a = synthetic({ trainSize: 2, testSize: 2, seed: 1 });
  const b = synthetic({ trainSize: 2, testSize: 2, seed: 2 });
  expect(a.train.images).not.toEqual(b.train.images);
  expect(a.train.images).not.toEqual(a.test.images);
});

test("synthetic: the nearest class mean recognises at least 95 % of unseen images", () => {
  const { train, test: held } = synthetic({ trainSize: 500, testSize: 200, seed: 11 });
  const means = Array.from({ length: 10 }, () => new Float64Array(3072));
  for (const [n, label] of train.labels.entries()) {
    for (let i = 0; i < 3072; i++) means[label]![i]! += train.images[n * 3072 + i]! / 50;
  }
  let right = 0;
  for (const [n, label] of held.labels.entries()) {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, i) => sum + (held.images[n * 3072 + i]! - value) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === label) right++;
  }
  expect(right / 200).toBeGreaterThan(0.95);
});

test.each([
  ["trainSize", { trainSize: 0 }],
  ["testSize", { testSize: 1.5 }],
  ["classes", { classes: 65_537 }],
  ["seed", { seed: -1 }],
  ["shape height", { shape: [0, 1, 1] as const }],
])("synthetic: refuses a bad %s", (option, options) => {
  expect(() => synthetic(options)).toThrow(
    expect.objectContaining({ name: "OptionError", option }),
  );
});

test("synthetic: more images than any memory holds are refused by name", () => {
  expect(() => synthetic({ trainSize: 1e9, testSize: 1 })).toThrow(
    new OptionError(
      "trainSize",
      "trainSize: 1000000000 images of 32x32x3 do not fit into memory. Ask for fewer or smaller ones.",
    ),
  );
  expect(() => synthetic({ trainSize: 1, testSize: 64, shape: [65_535, 65_535, 3] })).toThrow(
    "trainSize: 1 images of 65535x65535x3 do not fit into memory",
  );
});
