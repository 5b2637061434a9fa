import { checkInteger } from "../check.ts";
import { boundedInteger, randomStream } from "../random/stream.ts";
import type { TransformRandom } from "./transform.ts";

/**
 * The random words of every image of an epoch. Word `w` of image `index` is word `w mod 4` of block
 * `(index, floor(w / 4))` of the `augmentation` stream.
 *
 * @returns gives one object, set back to the first word of the image
 */
export function transformRandom(seed: number, epoch: number): (index: number) => TransformRandom {
  const stream = randomStream(seed, "augmentation", epoch);
  const words = new Uint32Array(4);
  let image = 0;
  let next = 0;
  const word = (): number => {
    if ((next & 3) === 0) stream.read(image, words, next >>> 2);
    return words[next++ & 3]!;
  };
  const random: TransformRandom = {
    word,
    integer(bound) {
      checkInteger("random.integer: bound", bound, 1);
      return boundedInteger(word(), bound);
    },
  };
  return (index) => {
    image = index;
    next = 0;
    return random;
  };
}
