import { readCommandLine } from "@bn-only/testing/command-line";
import { batchNormInitializers, randomStream, weightInitializers } from "@bn-only/frozen-layers";

// Weights per second on one core, by initialiser: a 3x3 convolution from 64 to 64 channels again and again.

const values = readCommandLine({
  command: "npm run bench:init --",
  about: "Weights per second on one core, by initialiser.",
  options: {
    repetitions: {
      type: "string",
      default: "200",
      help: "convolutions that are drawn",
      placeholder: "n",
      from: 1,
    },
  },
});
const [size, fanIn] = [3 * 3 * 64 * 64, 576];

const draws: readonly (readonly [string, (seed: number) => void])[] = [
  ["words", (seed) => randomStream(seed, "kernel").words(size)],
  ...(["kaimingNormal", "kaimingUniform", "binary"] as const).map(
    (name) =>
      [
        name,
        (seed: number) =>
          weightInitializers[name]({ size, fanIn, stream: randomStream(seed, "kernel") }),
      ] as const,
  ),
  [
    "gamma, uniform",
    (seed) => batchNormInitializers.uniform.gamma(size, randomStream(seed, "gamma")),
  ],
];

console.log("| numbers | million a second, best | median |\n| --- | --: | --: |");
for (const [name, draw] of draws) {
  const milliseconds: number[] = [];
  for (let seed = 0; seed < Number(values.repetitions); seed++) {
    const begin = performance.now();
    draw(seed);
    milliseconds.push(performance.now() - begin);
  }
  milliseconds.sort((a, b) => a - b);
  const rate = (share: number): string =>
    (size / milliseconds[Math.floor(share * (milliseconds.length - 1))]! / 1000).toFixed(1);
  console.log(`| ${name} | ${rate(0)} | ${rate(0.5)} |`);
}
