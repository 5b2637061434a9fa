import { readCommandLine } from "@bn-only/testing/command-line";
import { ours, timeSteps } from "./step.ts";

// Time against depth, which should be a straight line, and images per second against batch size.

const values = readCommandLine({
  command: "npm run bench:scaling --",
  about: "Time against depth and batch size.",
  options: {
    backend: { type: "string", default: "auto", help: "backend", placeholder: "name" },
    "batch-size": {
      type: "string",
      default: "128",
      help: "images in a batch, where the depth varies",
      placeholder: "n",
      from: 1,
    },
    rounds: { type: "string", default: "3", help: "runs of each", placeholder: "n", from: 1 },
  },
});

const settings = [
  ...[8, 14, 20, 32, 56, 110].map((depth) => ({ depth, batchSize: Number(values["batch-size"]) })),
  ...[1, 2, 4, 8, 16, 32, 64, 128, 256].map((batchSize) => ({ depth: 14, batchSize })),
].map((setting) => ({ ...setting, ms: Infinity }));

let description = "";
for (let round = 0; round < Number(values.rounds); round++) {
  for (const setting of settings) {
    const result = await timeSteps(ours, {
      network: `cifar-resnet-${setting.depth}`,
      "batch-size": setting.batchSize,
      backend: values.backend,
      steps: setting.depth > 32 ? 2 : 8,
    });
    description = result.description!;
    setting.ms = Math.min(setting.ms, result.msPerStep.min);
  }
}

const byDepth = settings.slice(0, 6);
const fitted = fitLine(byDepth.map(({ depth, ms }) => [depth, ms]));
console.log(`${description}, best step of ${values.rounds} rounds, BatchNorm only\n`);
console.log(
  `batch ${values["batch-size"]}: ${fitted.slope.toFixed(2)} ms · depth + ${fitted.intercept.toFixed(1)} ms\n`,
);
console.log("| depth | ms | line | residual |\n| --: | --: | --: | --: |");
for (const { depth, ms } of byDepth) {
  const line = fitted.slope * depth + fitted.intercept;
  const residual = `${((100 * (ms - line)) / line).toFixed(1)} %`;
  console.log(`| ${depth} | ${ms.toFixed(1)} | ${line.toFixed(1)} | ${residual} |`);
}
console.log("\n| batch, cifar-resnet-14 | ms | images/s |\n| --: | --: | --: |");
for (const { batchSize, ms } of settings.slice(6)) {
  console.log(`| ${batchSize} | ${ms.toFixed(1)} | ${((1000 * batchSize) / ms).toFixed(0)} |`);
}

/** The line with the smallest sum of squared relative residuals. */
function fitLine(points: readonly (readonly [number, number])[]): {
  slope: number;
  intercept: number;
} {
  let [sumW, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const weight = 1 / (y * y);
    sumW += weight;
    sumX += weight * x;
    sumY += weight * y;
    sumXX += weight * x * x;
    sumXY += weight * x * y;
  }
  const slope = (sumW * sumXY - sumX * sumY) / (sumW * sumXX - sumX * sumX);
  return { slope, intercept: (sumY - slope * sumX) / sumW };
}
