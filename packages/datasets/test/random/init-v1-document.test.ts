import { documentVectors } from "@bn-only/testing/document-vectors";
import { describe, expect, test } from "vitest";
import { shuffledOrder } from "../../src/batches/shuffle.ts";
import { randomWindow } from "../../src/transforms/random-window.ts";
import { transformRandom } from "../../src/transforms/transform-random.ts";

// docs/init-v1.md, which Python's standard library checks too: tools/init-v1/check.py.

describe("docs/init-v1.md", () => {
  test.each(documentVectors<{ seed: number; epoch: number; n: number }>("order"))(
    "order of $n images, seed $seed, epoch $epoch",
    ({ seed, epoch, n, expected }) => {
      expect([...shuffledOrder(n, seed, epoch)]).toEqual(expected);
    },
  );

  test.each(documentVectors<{ seed: number; epoch: number; index: number }>("augmentation"))(
    "words of image $index, seed $seed, epoch $epoch",
    ({ seed, epoch, index, expected }) => {
      const random = transformRandom(seed, epoch)(index);
      const words = Array.from({ length: 6 }, () => random.word().toString(16).padStart(8, "0"));
      expect(words.join(" ")).toBe(expected);
    },
  );

  interface Crop {
    readonly seed: number;
    readonly epoch: number;
    readonly index: number;
    readonly image: readonly [number, number];
    readonly scale: readonly [number, number];
    readonly ratio: readonly [number, number];
  }

  test.each(documentVectors<Crop>("resizedCrop"))(
    "window of image $index of $image, seed $seed",
    ({ seed, epoch, index, image: [height, width], scale, ratio, expected }) => {
      const random = transformRandom(seed, epoch)(index);
      const window = randomWindow(height, width, scale, ratio, random);
      expect([window.top, window.left, window.height, window.width]).toEqual(expected);
    },
  );
});
