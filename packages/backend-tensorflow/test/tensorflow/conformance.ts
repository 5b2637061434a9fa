import { conformanceCases, labelOf, layerCases } from "@bn-only/frozen-layers/conformance";
import { getKernelsForBackend, setBackend, unregisterKernel } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  backendName,
  implementedOps,
  registerTensorflowBackend,
  registerTensorflowKernels,
} from "../../src/index.ts";

/** Which BatchNorm, and how well it sums the statistics of a million elements per channel. */
const variants = [
  { name: "with the compiled BatchNorm", compiledBatchNorm: true, statistics: undefined },
  // What runs on CUDA, and on tfjs-node as the user installed it. FusedBatchNormV3 sums in float32,
  // channel by channel: at a million elements 1.6e-4 of the variance are lost (2.21 with oneDNN;
  // 4.5e-4 without), at the 131,072 of a usual batch 8e-6, and 2e-6 at 8,192 on some machines.
  { name: "with TensorFlow's BatchNorm", compiledBatchNorm: false, statistics: 1e-3 },
];

describe.each(variants)("$name", ({ compiledBatchNorm, statistics }) => {
  beforeAll(async () => {
    registerTensorflowBackend();
    await setBackend(backendName);
    for (const { kernelName } of getKernelsForBackend("tensorflow")) {
      if (kernelName.startsWith("BnOnly")) unregisterKernel(kernelName, "tensorflow");
    }
    registerTensorflowKernels({ compiledBatchNorm });
  });

  test.each(conformanceCases().map((item) => [labelOf(item.op), item.name, item] as const))(
    "%s: %s",
    async (_op, name, { op, run, tolerance }) => {
      const { error } = await run(implementedOps);
      const summing = name.startsWith("statistics of") ? statistics : undefined;
      const rounding = !compiledBatchNorm && op.name === "BnOnlyBatchNorm" ? 1e-5 : 0;
      expect(error).toBeLessThan(summing ?? Math.max(tolerance, rounding));
    },
  );

  test.each(layerCases().map((item) => [item.name, item] as const))(
    "layers: gradients agree with central differences: %s",
    async (_name, item) => {
      const { error, parameter } = await item.run(implementedOps);
      expect(error, parameter).toBeLessThan(item.tolerance);
    },
  );
});
