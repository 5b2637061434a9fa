import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { centerCrop } from "../../src/transforms/center-crop.ts";
import { cropWithPadding } from "../../src/transforms/crop-with-padding.ts";
import { horizontalFlip } from "../../src/transforms/horizontal-flip.ts";
import { pipeline } from "../../src/transforms/pipeline.ts";
import { randomResizedCrop } from "../../src/transforms/random-resized-crop.ts";
import { resample } from "../../src/transforms/resample.ts";
import { resize } from "../../src/transforms/resize.ts";
import type { Image, Transform, TransformRandom } from "../../src/transforms/transform.ts";
import type { ImageShape } from "../../src/types.ts";
import { wordsOf } from "./fake-random.ts";

/** The pattern of tools/goldens/resize_goldens.py. */
function pattern(shape: ImageShape): Image {
  const [height, width, channels] = shape;
  const pixels = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        pixels[(y * width + x) * channels + c] = 7 * x + 13 * y + 29 * c + 5 * x * y + x * x;
      }
    }
  }
  return { pixels, shape };
}

function run(transform: Transform, image: Image, random: TransformRandom = wordsOf()): Image {
  const shape = transform.outputShape(image.shape);
  const target = { pixels: new Uint8Array(shape[0] * shape[1] * shape[2]).fill(77), shape };
  const before = image.pixels.slice();
  transform.apply(image, target, random);
  expect(image.pixels).toEqual(before);
  return target;
}

const counted = (shape: ImageShape): Image => ({
  pixels: Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => i + 1),
  shape,
});

describe("horizontalFlip", () => {
  test("mirrors columns and keeps channels together", () => {
    expect([...run(horizontalFlip(), counted([2, 3, 2]), wordsOf(0.5)).pixels]).toEqual([
      5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8,
    ]);
  });

  test("leaves the image as it is below one half", () => {
    const image = counted([2, 3, 2]);
    expect(run(horizontalFlip(), image, wordsOf(0.4999)).pixels).toEqual(image.pixels);
  });
});

describe("cropWithPadding", () => {
  test.each([
    ["in place", 1, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["down and right", 0, 0, [0, 0, 0, 0, 1, 2, 0, 4, 5]],
    ["up and left", 2, 2, [5, 6, 0, 8, 9, 0, 0, 0, 0]],
    ["down and left", 0, 2, [0, 0, 0, 2, 3, 0, 5, 6, 0]],
  ])("moves the image %s", (_, top, left, expected) => {
    const random = wordsOf((top + 0.5) / 3, (left + 0.5) / 3);
    const { pixels } = run(cropWithPadding({ padding: 1 }), counted([3, 3, 1]), random);
    expect([...pixels]).toEqual(expected);
  });

  test("padding larger than the image leaves only black", () => {
    const { pixels } = run(cropWithPadding({ padding: 4 }), counted([3, 3, 1]), wordsOf(0, 0.5));
    expect([...pixels]).toEqual(Array(9).fill(0));
  });

  test.each([0, 1.5, Number.NaN])("refuses a padding of %d", (padding) => {
    expect(() => cropWithPadding({ padding })).toThrow("padding: expected an integer from 1");
  });
});

describe("resize", () => {
  const { cases } = JSON.parse(
    readFileSync(new URL("fixtures/pillow-resize.json", import.meta.url), "utf8"),
  ) as {
    cases: {
      shape: ImageShape;
      window: [number, number, number, number];
      size: [number, number];
      pixels: number[];
    }[];
  };

  test.each(cases)(
    "Pillow's bits: $shape, window $window, to $size",
    ({ shape, window: [top, left, height, width], size, pixels }) => {
      const target: Image = {
        pixels: new Uint8Array(pixels.length),
        shape: [size[0], size[1], shape[2]],
      };
      resample(pattern(shape), { top, left, height, width }, target);
      expect([...target.pixels]).toEqual(pixels);
    },
  );

  test("a number is the shorter side", () => {
    expect(resize({ size: 4 }).outputShape([10, 25, 3])).toEqual([4, 10, 3]);
    expect(resize({ size: 4 }).outputShape([25, 10, 1])).toEqual([10, 4, 1]);
    expect(resize({ size: [4, 5] }).outputShape([25, 10, 1])).toEqual([4, 5, 1]);
  });

  test("to its own size is a copy", () => {
    const image = pattern([5, 6, 3]);
    expect(run(resize({ size: [5, 6] }), image).pixels).toEqual(image.pixels);
  });

  test.each([0, 2.5, [3, 0] as const])("refuses the size %j", (size) => {
    expect(() => resize({ size })).toThrow("size: expected an integer from 1 to 65535");
  });
});

describe("centerCrop", () => {
  test("cuts the middle", () => {
    expect([...run(centerCrop({ size: [1, 2] }), counted([3, 4, 1])).pixels]).toEqual([6, 7]);
  });

  // int(round((5 - 2) / 2)) is 2 in Python, int(round((3 - 2) / 2)) is 0.
  test("an odd remainder is halved to the even number", () => {
    expect([...run(centerCrop({ size: [1, 2] }), counted([1, 5, 1])).pixels]).toEqual([3, 4]);
    expect([...run(centerCrop({ size: [1, 2] }), counted([1, 3, 1])).pixels]).toEqual([1, 2]);
  });

  test("refuses a smaller image", () => {
    expect(() => centerCrop({ size: 4 }).outputShape([3, 9, 3])).toThrow(
      "centerCrop: expected images of at least 4x4, got 3x9. Put resize before it, or ask for less.",
    );
  });
});

describe("randomResizedCrop", () => {
  test("the whole image when area and proportions say so", () => {
    const image = pattern([8, 8, 3]);
    const crop = randomResizedCrop({ size: 5, scale: [1, 1], ratio: [1, 1] });
    expect(run(crop, image, wordsOf(0, 0, 0, 0)).pixels).toEqual(
      run(resize({ size: 5 }), image).pixels,
    );
  });

  test("a window of the drawn area, proportions and place", () => {
    const image = counted([8, 16, 1]);
    // A quarter of 128 pixels, twice as wide as high: 8x4; of rows 0..4 the third, of columns 0..8 the last.
    const crop = randomResizedCrop({ size: [4, 8], scale: [0.25, 0.25], ratio: [2, 2] });
    const { pixels } = run(crop, image, wordsOf(0, 0, 0.5, 0.999));
    expect(pixels[0]).toBe(2 * 16 + 8 + 1);
    expect(pixels.at(-1)).toBe(5 * 16 + 15 + 1);
  });

  test("the logarithm of the proportions is uniform", () => {
    const image = counted([16, 16, 1]);
    // Between 1/4 and 4 the middle is 1: 8x8 of 16x16, which a size of 8x8 does not change.
    const crop = randomResizedCrop({ size: 8, scale: [0.25, 0.25], ratio: [0.25, 4] });
    const { pixels } = run(crop, image, wordsOf(0, 0.5, 0, 0));
    expect([pixels[0], pixels[7], pixels[8]]).toEqual([1, 8, 17]);
  });

  test("ten windows that do not fit: the largest middle one", () => {
    const image = counted([2, 20, 1]);
    const crop = randomResizedCrop({ size: [2, 4], scale: [1, 1], ratio: [2, 2] });
    const random = wordsOf(...Array<number>(40).fill(0));
    expect([...run(crop, image, random).pixels]).toEqual([9, 10, 11, 12, 29, 30, 31, 32]);
  });

  test.each([
    [{ size: 0 }, "size: expected"],
    [{ size: 4, scale: [0, 1] as const }, "scale: expected two numbers above 0"],
    [{ size: 4, scale: [0.5, 1.5] as const }, "scale: expected"],
    [{ size: 4, ratio: [2, 1] as const }, "ratio: expected"],
    [{ size: 4, ratio: [Number.NaN, 1] as const }, "ratio: expected"],
  ])("refuses %j", (options, message) => {
    expect(() => randomResizedCrop(options)).toThrow(message);
  });
});

test("pipeline: a transform that is not done when it returns is refused", () => {
  const later: Transform = {
    name: "later",
    outputShape: (shape) => shape,
    apply: async (image, target) => target.pixels.set(image.pixels),
  };
  expect(() => pipeline([horizontalFlip(), later])(counted([2, 2, 1]), wordsOf(0))).toThrow(
    'transforms: expected "later" to have written the image when apply() returns, got a promise. Make apply() synchronous.',
  );
});
