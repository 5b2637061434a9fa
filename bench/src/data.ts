import { cpus } from "node:os";
import { batchSource, synthetic } from "@bn-only/datasets";
import { readCommandLine } from "@bn-only/testing/command-line";

/** What the slowest supported machine should reach, so that data never wait for a network. */
const REQUIRED = 20_000;
const ROUNDS = 7;

readCommandLine({
  command: "npm run bench:data --",
  about: "Images per second of the data pipeline on one core.",
  options: {},
});

const { train } = synthetic({ trainSize: 10_000, testSize: 1 });
const kinds = {
  "flip, crop, normalise, shuffle": { augment: true, shuffle: true },
  "normalise, shuffle": { shuffle: true },
};

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, Node ${process.versions.node}, one core`);
console.log(
  `batches of 128 float32 images of ${train.shape.join("x")}, best and median of ${ROUNDS} rounds\n`,
);
for (const [name, options] of Object.entries(kinds)) {
  const source = batchSource(train, options);
  const speeds = Array.from({ length: ROUNDS }, (_, epoch) => {
    const begin = performance.now();
    let images = 0;
    for (const { size } of source.batches({ epoch, batchSize: 128 })) images += size;
    return (1000 * images) / (performance.now() - begin);
  }).toSorted((a, b) => b - a);
  const [best, median] = [speeds[0]!, speeds[ROUNDS >> 1]!];
  console.log(`${name.padEnd(32)}${format(best)} best  ${format(median)} median  images/s`);
  if (best < REQUIRED) {
    console.log(`${name}: fewer than ${REQUIRED} images/s`);
    process.exitCode = 1;
  }
}

function format(speed: number): string {
  return Math.round(speed).toLocaleString("en-US").padStart(9);
}
