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

// The three passes of dense convolutions of CIFAR's and ImageNet's ResNets. GMAC/s count the products of the
// plain sum, of which Winograd's method needs fewer.

const values = readCommandLine({
  command: "npm run bench:convolutions --",
  about: "The three passes of dense convolutions.",
  options: {
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
    threads: { type: "string", default: "1", help: "threads", placeholder: "n", from: 1 },
    "batch-size": { type: "string", default: "8", help: "images", placeholder: "n", from: 1 },
    steps: { type: "string", default: "20", help: "runs of each", placeholder: "n", from: 1 },
  },
});
const batch = Number(values["batch-size"]);

/** Side, channels, outputs, kernel size, stride. */
const shapes = [
  [56, 64, 256, 1, 1],
  [56, 256, 64, 1, 1],
  [28, 512, 128, 1, 1],
  [14, 256, 1024, 1, 1],
  [14, 1024, 256, 1, 1],
  [7, 2048, 512, 1, 1],
  [56, 64, 64, 3, 1],
  [28, 128, 128, 3, 1],
  [14, 256, 256, 3, 1],
  [7, 512, 512, 3, 1],
  [32, 16, 16, 3, 1],
  [32, 16, 32, 3, 2],
  [56, 128, 128, 3, 2],
  [14, 512, 512, 3, 2],
  [14, 1024, 2048, 1, 2],
  [224, 3, 64, 7, 2],
] as const;

await useBackend(values.backend as "wasm", { threads: Number(values.threads) });
console.log(
  `${values.backend}, ${values.threads} threads, batch ${batch}, best of ${values.steps}\n`,
);
console.log(
  "| input | outputs | kernel | forward ms | GMAC/s | input gradient ms | GMAC/s | filter gradient ms | GMAC/s |",
);
console.log("| --- | --: | --- | --: | --: | --: | --: | --: | --: |");
for (const shape of shapes) tidy(() => measure(...shape));

function measure(
  side: number,
  channels: number,
  outputs: number,
  kernelSize: number,
  stride: number,
): void {
  const geometry = {
    filterShape: [kernelSize, kernelSize, channels, outputs] as [number, number, number, number],
    stride,
    padding: (kernelSize - 1) / 2,
    groups: 1,
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
  const products = (outputGradient.size * kernelSize ** 2 * channels) / 1e6;
  const cells = times.map((ms) => `${ms.toFixed(2)} | ${(products / ms).toFixed(1)}`);
  console.log(
    `| ${inputShape.join("x")} | ${outputs} | ${kernelSize}x${kernelSize}, stride ${stride} | ${cells.join(" | ")} |`,
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
