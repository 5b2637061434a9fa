// What kernels of other packages share with the references: types of inputs, and small helpers.

export { diagonalBlocks, prepareFilterReference } from "./conv2d.ts";
export { crop, surround, surroundedShape } from "./margin.ts";

export type {
  BatchNormForwardOptions,
  BatchNormGradientOptions,
  BatchNormOptions,
} from "../../ops/batch-norm.ts";
export type { DenseWanted } from "../../ops/dense.ts";
export type { PoolGeometry } from "../../ops/pool.ts";
export type { BatchNormGradientInputs, BatchNormInputs, StatisticsInputs } from "./batch-norm.ts";
export type {
  Conv2DFilterGradientInputs,
  Conv2DInputGradientInputs,
  Conv2DInputs,
} from "./conv2d.ts";
export type { DenseGradientInputs, DenseInputs } from "./dense.ts";
export type { MaxPoolGradientInputs, PoolGradientInputs, PoolInputs } from "./pool.ts";
export type { LossInputs } from "./softmax-cross-entropy.ts";
export type { SumInputs } from "./sum.ts";
