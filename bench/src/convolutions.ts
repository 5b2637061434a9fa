import { readCommandLine } from "@bn-only/testing/command-line";
import { useBackend } from "@bn-only/trainer";
import { timeThreePasses } from "./three-passes.ts";

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
for (const [side, channels, outputs, kernelSize, stride] of shapes) {
  const padding = (kernelSize - 1) / 2;
  const filterShape = [kernelSize, kernelSize, channels, outputs] as const;
  const inputShape = [batch, side, side, channels];
  const { times, outputSize } = timeThreePasses(
    inputShape,
    { filterShape, stride, padding, groups: 1 },
    Number(values.steps),
  );
  const products = (outputSize * kernelSize ** 2 * channels) / 1e6;
  const cells = times.map((ms) => `${ms.toFixed(2)} | ${(products / ms).toFixed(1)}`);
  console.log(
    `| ${inputShape.join("x")} | ${outputs} | ${kernelSize}x${kernelSize}, stride ${stride} | ${cells.join(" | ")} |`,
  );
}
