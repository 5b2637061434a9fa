import { readCommandLine } from "@bn-only/testing/command-line";
import { useBackend } from "@bn-only/trainer";
import { best, timeThreePasses } from "./three-passes.ts";

// The three passes of depthwise convolutions, which wait for the memory: beside them a copy. A GB counts one read
// and one write, or the two reads of a filter gradient.

const values = readCommandLine({
  command: "npm run bench:depthwise --",
  about: "The three passes of depthwise convolutions.",
  options: {
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
    threads: { type: "string", default: "1", help: "threads", placeholder: "n", from: 1 },
    "batch-size": { type: "string", default: "16", help: "images", placeholder: "n", from: 1 },
    steps: { type: "string", default: "40", help: "runs of each", placeholder: "n", from: 1 },
  },
});
const batch = Number(values["batch-size"]);

/** Side, channels, kernel size, stride. */
const shapes = [
  [28, 192, 3, 1],
  [14, 96, 3, 1],
  [14, 576, 3, 1],
  [28, 100, 3, 1],
  [28, 192, 3, 2],
  [14, 288, 5, 1],
  [14, 96, 7, 1],
] as const;

await useBackend(values.backend as "wasm", { threads: Number(values.threads) });
console.log(
  `${values.backend}, ${values.threads} threads, batch ${batch}, best of ${values.steps}\n`,
);
console.log(
  "| input | kernel | forward ms | GB/s | input gradient ms | GB/s | filter gradient ms | GB/s | GMAC/s | copy, GB/s |",
);
console.log("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |");
for (const [side, channels, kernelSize, stride] of shapes) {
  const padding = (kernelSize - 1) / 2;
  const filterShape = [kernelSize, kernelSize, 1, channels] as const;
  const inputShape = [batch, side, side, channels];
  const { times, inputSize, outputSize } = timeThreePasses(
    inputShape,
    { filterShape, stride, padding, groups: channels },
    Number(values.steps),
  );
  const megabytes = (4 * (inputSize + outputSize)) / 1e6;
  const macs = (3 * outputSize * kernelSize ** 2) / 1e6;
  const cells = times.map((ms) => `${ms.toFixed(2)} | ${(megabytes / ms).toFixed(1)}`);
  const rate = macs / times.reduce((sum, ms) => sum + ms);
  const [from, to] = [new Float32Array(inputSize).fill(1), new Float32Array(inputSize)];
  const copy = (8 * inputSize) / 1e6 / best(() => to.set(from), Number(values.steps));
  console.log(
    `| ${inputShape.join("x")} | ${kernelSize}x${kernelSize}, stride ${stride} | ${cells.join(" | ")} | ${rate.toFixed(1)} | ${copy.toFixed(1)} |`,
  );
}
