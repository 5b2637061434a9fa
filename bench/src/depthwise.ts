import {
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  prepareFilterOp,
  prepareRotatedFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { readCommandLine } from "@bn-only/testing/command-line";
import { useBackend } from "@bn-only/trainer";
import { randomNormal, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { compute } from "./compute.ts";

// The three passes of depthwise convolutions. A GB counts one read and one write, or the two reads of a
// filter gradient.

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
  "| input | kernel | forward ms | GB/s | input gradient ms | GB/s | filter gradient ms | GB/s | GMAC/s |",
);
console.log("| --- | --- | --: | --: | --: | --: | --: | --: | --: |");
for (const [side, channels, kernelSize, stride] of shapes) {
  tidy(() => measure(side, channels, kernelSize, stride));
}

function measure(side: number, channels: number, kernelSize: number, stride: number): void {
  const geometry = {
    filterShape: [kernelSize, kernelSize, 1, channels] as [number, number, number, number],
    stride,
    padding: (kernelSize - 1) / 2,
    groups: channels,
  };
  const inputShape = [batch, side, side, channels];
  const input = randomNormal(inputShape);
  const filter = randomNormal(geometry.filterShape);
  const forward = runOp(prepareFilterOp, { filter }, geometry);
  const rotated = runOp(prepareRotatedFilterOp, { filter }, geometry);
  const { output: outputGradient } = runOp(conv2dOp, { input, ...forward }, geometry);
  const times = [
    best(() => runOp(conv2dOp, { input, ...forward }, geometry).output),
    best(() => {
      const attributes = { ...geometry, inputShape };
      return runOp(conv2dInputGradientOp, { outputGradient, ...rotated }, attributes).inputGradient;
    }),
    best(() => runOp(conv2dFilterGradientOp, { input, outputGradient }, geometry).filterGradient),
  ];
  const megabytes = (4 * (input.size + outputGradient.size)) / 1e6;
  const macs = (3 * outputGradient.size * kernelSize ** 2) / 1e6;
  const cells = times.map((ms) => `${ms.toFixed(2)} | ${(megabytes / ms).toFixed(1)}`);
  const rate = macs / times.reduce((sum, ms) => sum + ms);
  console.log(
    `| ${inputShape.join("x")} | ${kernelSize}x${kernelSize}, stride ${stride} | ${cells.join(" | ")} | ${rate.toFixed(1)} |`,
  );
}

function best(run: () => Tensor): number {
  const times = Array.from({ length: Number(values.steps) + 5 }, () => {
    const start = performance.now();
    const output = run();
    compute(output);
    const ms = performance.now() - start;
    output.dispose();
    return ms;
  });
  return Math.min(...times.slice(5));
}
