// Draws data/shapes.bin once: 300 training and 90 test images of 12x12 grey pixels, each after its label.
// A label is 0 for a square, 1 for a disc, 2 for a cross; place, size and brightness differ.

import { writeFile } from "node:fs/promises";

const side = 12;
let state = 1;

/** A number below `bound`, from a small generator. */
function random(bound) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
}

const inside = [
  (y, x, radius) => Math.max(Math.abs(y), Math.abs(x)) <= radius,
  (y, x, radius) => y * y + x * x <= radius * radius + 1,
  (y, x, radius) => Math.abs(Math.abs(y) - Math.abs(x)) < 1 && Math.abs(y) <= radius,
];

const records = Array.from({ length: 390 }, (_, n) => {
  const label = n % inside.length;
  const [radius, centreY, centreX] = [2 + random(3), 4 + random(4), 4 + random(4)];
  const brightness = 120 + random(120);
  const pixels = Array.from({ length: side * side }, (_pixel, i) => {
    const [y, x] = [Math.floor(i / side) - centreY, (i % side) - centreX];
    return (inside[label](y, x, radius) ? brightness : 20) + random(16);
  });
  return [label, ...pixels];
});

await writeFile(new URL("data/shapes.bin", import.meta.url), Uint8Array.from(records.flat()));
