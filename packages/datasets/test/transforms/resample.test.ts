import { assert, integer, property, record, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { resample } from "../../src/transforms/resample.ts";
import type { Image } from "../../src/transforms/transform.ts";

const side = integer({ min: 1, max: 40 });
const sizes = record({ height: side, width: side, toHeight: side, toWidth: side });

function resized(image: Image, height: number, width: number): Uint8Array {
  const shape = [height, width, image.shape[2]] as const;
  const target: Image = { pixels: new Uint8Array(height * width * shape[2]), shape };
  const window = { top: 0, left: 0, height: image.shape[0], width: image.shape[1] };
  resample(image, window, target);
  return target.pixels;
}

test("resample: one value stays one value, whatever the sizes", () => {
  assert(
    property(sizes, integer({ min: 0, max: 255 }), (size, value) => {
      const { height, width, toHeight, toWidth } = size;
      const pixels = new Uint8Array(height * width).fill(value);
      const result = resized({ pixels, shape: [height, width, 1] }, toHeight, toWidth);
      return result.every((other) => other === value);
    }),
  );
});

test("resample: no value is darker than the darkest or brighter than the brightest", () => {
  const values = uint8Array({ minLength: 1600, maxLength: 1600 });
  assert(
    property(sizes, values, ({ height, width, toHeight, toWidth }, random) => {
      const pixels = random.subarray(0, height * width);
      const result = resized({ pixels, shape: [height, width, 1] }, toHeight, toWidth);
      return (
        Math.min(...result) >= Math.min(...pixels) && Math.max(...result) <= Math.max(...pixels)
      );
    }),
  );
});

test("resample: halves of black and white keep their mean", () => {
  const pixels = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 255));
  const result = resized({ pixels, shape: [8, 8, 1] }, 2, 2);
  expect(result[0]! + result[1]!).toBe(255);
});
