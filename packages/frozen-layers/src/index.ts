export { bytesLeft } from "./bytes-left.ts";
export { FrozenLayersError, OutOfMemoryError, SelectorError, ShapeError } from "./errors.ts";
export { batchNormInitializers } from "./initializers/batch-norm.ts";
export { weightInitializers } from "./initializers/weights.ts";
export { allOps } from "./kernels/reference/index.ts";
export { implementation, registerOpKernel } from "./kernels/register.ts";
export { observeOps, runOp } from "./kernels/run-op.ts";
export { activation } from "./layers/activation.ts";
export { batchNorm } from "./layers/batch-norm.ts";
export { checkpointed } from "./layers/checkpointed.ts";
export { checkpointedSequential } from "./layers/checkpointed-sequential.ts";
export { concat } from "./layers/concat.ts";
export { conv2d } from "./layers/conv2d.ts";
export { dense } from "./layers/dense.ts";
export { buildLayer, describeLayer } from "./layers/description.ts";
export { flatten } from "./layers/flatten.ts";
export { fromFunction } from "./layers/from-function.ts";
export { gated } from "./layers/gated.ts";
export { identity } from "./layers/identity.ts";
export {
  defineLayer,
  forwardThrough,
  hasTrainable,
  needsBackward,
  observed,
  walk,
} from "./layers/layer.ts";
export { pad } from "./layers/pad.ts";
export { disposePass, trainingPass } from "./layers/pass.ts";
export { slice } from "./layers/slice.ts";
export { averagePool, globalAveragePool, maxPool } from "./layers/pool.ts";
export { relu } from "./layers/relu.ts";
export { residual } from "./layers/residual.ts";
export { sequential } from "./layers/sequential.ts";
export { Network } from "./network.ts";
export { outlineNetwork } from "./network-outline.ts";
export { activationGradientOp, activationOp } from "./ops/activation.ts";
export { adamOp } from "./ops/adam.ts";
export { batchNormGradientOp, batchNormInferenceOp, batchNormOp } from "./ops/batch-norm.ts";
export { addBiasOp, biasGradientOp } from "./ops/bias.ts";
export { concatChannelsOp, splitChannelsOp } from "./ops/channels.ts";
export {
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  conv2dOutputShape,
  prepareFilterOp,
  prepareRotatedFilterOp,
} from "./ops/conv2d.ts";
export { denseGradientOp, denseOp } from "./ops/dense.ts";
export { multiplyChannelsGradientOp, multiplyChannelsOp } from "./ops/multiply-channels.ts";
export { defineOp } from "./ops/op.ts";
export {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
} from "./ops/pool.ts";
export { scalarIndices } from "./ops/scalar-indices.ts";
export { gatherScalarsOp, scatterScalarsOp } from "./ops/scalars.ts";
export { sgdOp } from "./ops/sgd.ts";
export { padOp, sliceOp } from "./ops/slice.ts";
export { softmaxCrossEntropyOp } from "./ops/softmax-cross-entropy.ts";
export { sumOp } from "./ops/sum.ts";
export { formatBytes, isOutOfMemory } from "./out-of-memory.ts";
export { countParameters, countScalars, countTrainable } from "./parameters/count.ts";
export { fingerprint } from "./parameters/fingerprint.ts";
export { RunningStatistic, Parameter } from "./parameters/parameter.ts";
export { not, select } from "./parameters/select.ts";
export { randomStream } from "./random/stream.ts";
export { disposingOnError } from "./transaction.ts";

export type { BatchNormInit, BatchNormInitializer } from "./initializers/batch-norm.ts";
export type { WeightInit, WeightInitializer } from "./initializers/weights.ts";
export type {
  BatchNormLayer,
  BatchNormLayerOptions,
  BatchNormLayerSaved,
} from "./layers/batch-norm.ts";
export type { Conv2DOptions } from "./layers/conv2d.ts";
export type { DenseOptions } from "./layers/dense.ts";
export type { LayerDescription } from "./layers/description.ts";
export type { FromFunctionOptions } from "./layers/from-function.ts";
export type { Layer, LayerOutline, LayerOutput, Pass } from "./layers/layer.ts";
export type { PadOptions } from "./layers/pad.ts";
export type { PoolOptions } from "./layers/pool.ts";
export type { ResidualOptions } from "./layers/residual.ts";
export type { NetworkOptions } from "./network.ts";
export type { NetworkDefinition, NetworkOutline } from "./network-outline.ts";
export type { OpImplementation } from "./kernels/register.ts";
export type { OpEvent } from "./kernels/run-op.ts";
export type { ActivationKind } from "./ops/activation.ts";
export type { AdamAttributes, AdamState } from "./ops/adam.ts";
export type { Conv2DGeometry } from "./ops/conv2d.ts";
export type { AnyOp, Op, OpKernel, OpTensors, OutputInfos } from "./ops/op.ts";
export type { PoolGeometry } from "./ops/pool.ts";
export type { SgdAttributes, SgdState } from "./ops/sgd.ts";
export type { SoftmaxCrossEntropy } from "./ops/softmax-cross-entropy.ts";
export type { ParameterCounts } from "./parameters/count.ts";
export type { StatisticRole, Initialization, ParameterRole } from "./parameters/parameter.ts";
export type { PartialSelection, Selector, TrainableSelection } from "./parameters/select.ts";
export type { RandomStream } from "./random/stream.ts";
export type { Shape } from "./shape.ts";
