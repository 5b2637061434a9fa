// Prints a digest of what the compiled BatchNorm gives in this process, forward and backward.

import { createHash } from "node:crypto";
import { registerTensorflowBackend } from "@bn-only/backend-tensorflow";
import { randomStream } from "@bn-only/frozen-layers";
import { engine, setBackend, tensor } from "@tensorflow/tfjs-core";

registerTensorflowBackend();
await setBackend("tensorflow");
const draw = (name, shape) => {
  const size = shape.reduce((product, length) => product * length);
  return tensor(Float32Array.from(randomStream(0, name).normal(size)), shape);
};
const shape = [16, 24, 24, 24];
const inputs = {
  input: draw("input", shape),
  gamma: draw("gamma", [24]),
  beta: draw("beta", [24]),
};
const attributes = { epsilon: 1e-5, relu: true };
const forward = engine().runKernel(
  "BnOnlyBatchNorm",
  { ...inputs, residual: draw("residual", shape) },
  { ...attributes, momentum: 0.1 },
);
const [output, mean, variance] = forward;
const backward = engine().runKernel(
  "BnOnlyBatchNormGradient",
  { ...inputs, outputGradient: draw("gradient", shape), output, mean, variance },
  { ...attributes, batchStatistics: true, inputGradient: true },
);
const hash = createHash("sha256");
[...forward, ...backward].forEach((result) => hash.update(result.dataSync()));
console.log(hash.digest("hex"));
