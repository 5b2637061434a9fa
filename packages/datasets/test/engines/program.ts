// Order, augmentation and synthetic images, in whatever engine runs this.
import { shuffledOrder } from "../../src/batches/shuffle.ts";
import { synthetic } from "../../src/synthetic.ts";
import { randomWindow } from "../../src/transforms/random-window.ts";
import { transformRandom } from "../../src/transforms/transform-random.ts";

/** A line for each kind of choice: its name and a hash of what was chosen. */
export function report(): string {
  const seed = 2 ** 40 + 5;
  const windows: number[] = [];
  const randomOf = transformRandom(seed, 3);
  for (let index = 0; index < 20_000; index++) {
    const window = randomWindow(224, 301, [0.08, 1], [3 / 4, 4 / 3], randomOf(index));
    windows.push(window.top, window.left, window.height, window.width);
  }
  const { train } = synthetic({ trainSize: 50, testSize: 1, seed });
  return [
    `order ${hash(shuffledOrder(50_000, seed, 2))}`,
    `windows ${hash(windows)}`,
    `synthetic ${hash(train.images)}`,
  ].join("\n");
}

/** FNV-1a over the numbers as 32-bit words. */
function hash(numbers: Iterable<number>): string {
  let value = 0x811c9dc5;
  for (const number of numbers) value = Math.imul(value ^ number, 0x01000193);
  return (value >>> 0).toString(16).padStart(8, "0");
}
