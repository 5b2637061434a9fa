import { expect, test } from "vitest";
import { sha256 } from "@noble/hashes/sha2.js";
import { drawShapes, shapeNames } from "../src/data/shapes.ts";

test("shapes: a seed gives the same pixels for ever, since links rely on them", () => {
  const { test: images } = drawShapes({ trainSize: 1, testSize: 12, side: 24, seed: 7 });
  const hash = [...sha256(images.images).subarray(0, 8)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  expect(hash).toBe("0c51ba28dccdf3b1");
});

test("shapes: classes take turns, training and test differ, so do seeds", () => {
  const { train, test: images } = drawShapes({ trainSize: 12, testSize: 12, side: 16, seed: 0 });
  expect([...train.labels]).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
  expect(train.classes).toEqual(shapeNames);
  expect(train.images).not.toEqual(images.images);
  expect(drawShapes({ trainSize: 12, testSize: 1, side: 16, seed: 1 }).train.images).not.toEqual(
    train.images,
  );
});

test("shapes: the ink covers as much as the shape does", () => {
  const { train } = drawShapes({ trainSize: 60, testSize: 1, side: 48, seed: 0 });
  const size = 48 * 48 * 3;
  // Of the square around it, 2 x 2: circle 0.81 pi / 4, square 0.76 squared.
  const expected: Readonly<Record<string, number>> = { circle: 0.636, ring: 0.4, square: 0.578 };
  for (const [label, name] of shapeNames.entries()) {
    if (expected[name] === undefined) continue;
    const shares = [...train.labels.keys()]
      .filter((i) => train.labels[i] === label)
      .map((i) => covered(train.images.subarray(i * size, (i + 1) * size)));
    // A radius of 0.31 to 0.42 of the side: the square around it is 0.38 to 0.71 of the image.
    for (const share of shares) {
      expect(share).toBeGreaterThan(expected[name] * 0.36);
      expect(share).toBeLessThan(expected[name] * 0.74);
    }
  }
});

/** The share of pixels nearer to the brightest than to the darkest. */
function covered(image: Uint8Array): number {
  const sums = Array.from(
    { length: image.length / 3 },
    (_, i) => image[3 * i]! + image[3 * i + 1]! + image[3 * i + 2]!,
  );
  const middle = (Math.max(...sums) + Math.min(...sums)) / 2;
  return sums.filter((sum) => sum > middle).length / sums.length;
}
