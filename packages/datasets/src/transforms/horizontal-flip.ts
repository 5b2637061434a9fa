import { builtIn } from "./recipe.ts";
import type { Image, Transform } from "./transform.ts";

/**
 * Mirrors an image left to right with probability 1/2: `target[y, x] = image[y, width - 1 - x]`.
 * Takes one random word, whose highest bit decides.
 */
export function horizontalFlip(): Transform {
  return builtIn("horizontalFlip", undefined, {
    outputShape: (shape) => shape,
    apply(image, target, random) {
      if (random.word() >>> 31 === 1) mirror(image, target);
      else target.pixels.set(image.pixels);
    },
  });
}

function mirror({ pixels, shape: [height, width, channels] }: Image, target: Image): void {
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    let to = y * stride;
    for (let from = to + stride - channels; from >= y * stride; from -= channels) {
      for (let c = 0; c < channels; c++) target.pixels[to + c] = pixels[from + c]!;
      to += channels;
    }
  }
}
