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

test("subset: asking for more than there is gives everything", () => {
  expect(subset(train, 99).labels).toHaveLength(10);
});

test.each([0, -1, 1.5, Number.NaN])("subset: refuses %d images", (count) => {
  expect(() => subset(train, count)).toThrow(OptionError);
});
