import type { Tensor } from "@tensorflow/tfjs-core";
import {
  averagePoolOp,
  batchNormOp,
  implementation,
  maxPoolGradientOp,
  maxPoolOp,
  type OpKernel,
  registerOpKernel,
  runOp,
} from "../../src/index.ts";

// What must not compile. `tsc` checks this file; nothing here runs.

declare const tensor: Tensor;
declare const maxPool: OpKernel<typeof maxPoolOp>;
declare const maxPoolGradient: OpKernel<typeof maxPoolGradientOp>;

registerOpKernel(maxPoolOp, "backend", maxPool);
registerOpKernel(averagePoolOp, "backend", maxPool);
// @ts-expect-error -- the gradient's kernel gives no `output`
registerOpKernel(maxPoolOp, "backend", maxPoolGradient);
// @ts-expect-error -- and the other way round
implementation(maxPoolGradientOp, maxPool);
// @ts-expect-error -- the mean and the variance are missing
registerOpKernel(batchNormOp, "backend", ({ input }) => ({ output: input }));
registerOpKernel(batchNormOp, "backend", ({ input, gamma }, { momentum }) => {
  void momentum;
  return { output: input, mean: gamma, variance: gamma };
});
// @ts-expect-error -- there is no attribute of that name
registerOpKernel(batchNormOp, "backend", ({ input, gamma }, { decay }) => {
  void decay;
  return { output: input, mean: gamma, variance: gamma };
});
// @ts-expect-error -- gamma and beta are missing
runOp(batchNormOp, { input: tensor }, { epsilon: 1e-5, relu: false, momentum: 0 });
// @ts-expect-error -- pooling has no mean
void runOp(maxPoolOp, { input: tensor }, { size: 2, stride: 2, padding: 0 }).mean;
