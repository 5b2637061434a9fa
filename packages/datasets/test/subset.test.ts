import { expect, test } from "vitest";
import { OptionError } from "../src/errors.ts";
import { subset } from "../src/subset.ts";
import { synthetic } from "../src/synthetic.ts";

const { train } = synthetic({ trainSize: 10, shape: [4, 4, 1] });

test("subset: the first images and labels, sharing memory", () => {
  const part = subset(train, 3);
  expect(part.images).toEqual(train.images.subarray(0, 48));
  expect([...part.labels]).toEqual([0, 1, 2]);
  expect(part.images.buffer).toBe(train.images.buffer);
  expect(part.classes).toBe(train.classes);
});

test("subset: files, which lie class by class, from all over the list", () => {
  const labels = Uint8Array.from({ length: 100 }, (_, i) => Math.floor(i / 25));
  const files = Array.from(labels, (label, i) => `${label}/${i}.png`);
  const classes = ["a", "b", "c", "d"];
  const folder = { name: "x", files, labels, shape: [4, 4, 3] as const, classes, fitted: true };
  const part = subset(folder, 8);
  expect([...part.labels]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect(part.files).toEqual([0, 12, 25, 37, 50, 62, 75, 87].map((i) => files[i]));
  expect(subset(folder, 999)).toEqual(folder);
});

test("subset: asking for more than there is gives everything", () => {
  expect(subset(train, 99).labels).toHaveLength(10);
});

test.each([0, -1, 1.5, Number.NaN])("subset: refuses %d images", (count) => {
  expect(() => subset(train, count)).toThrow(OptionError);
});
