export { affineStatistics, paperThresholds } from "./analysis/affine.ts";
export { deadChannels } from "./analysis/dead-channels.ts";
export { disabledShare, gammaValues, histogram } from "./analysis/gamma.ts";
export { summarize, quantileLevels } from "./analysis/summary.ts";
export { thresholdAccuracy } from "./analysis/threshold-accuracy.ts";
export { zeroOutputs } from "./analysis/zero-outputs.ts";
export { averageParameters } from "./callbacks/average-parameters.ts";
export { checkpoint } from "./callbacks/checkpoint.ts";
export { earlyStop } from "./callbacks/early-stop.ts";
export { parseEvery } from "./callbacks/every.ts";
export { foldNetwork } from "./compact/fold.ts";
export { pruneNetwork } from "./compact/prune.ts";
export { conditions, conditionSelection, isCondition } from "./conditions.ts";
export {
  BackendError,
  backendNames,
  currentBackendName,
  inspectBackends,
  registerBackendCandidate,
  useBackend,
} from "@bn-only/backends";
export {
  DivergedError,
  InvalidOptionError,
  ModelFileError,
  NotFiniteError,
  TrainerError,
} from "./errors.ts";
export { evaluate } from "./evaluate.ts";
export { Learner } from "./learner.ts";
export { withChecksum } from "./model/checksum.ts";
export { isDenseModel, readDenseModel, rebuildDenseModel, saveDenseModel } from "./model/dense.ts";
export { exportPyTorch } from "./model/pytorch.ts";
export { loadModel } from "./model/load.ts";
export { readModel } from "./model/read.ts";
export { checkModel, rebuildModel, restoreModel } from "./model/restore.ts";
export { decodeSafetensors, encodeSafetensors } from "./model/safetensors.ts";
export { assertSavable } from "./model/savable.ts";
export { saveModel } from "./model/save.ts";
export { adam, adamw } from "./optimizers/adam.ts";
export { sgd } from "./optimizers/sgd.ts";
export { paperRecipe } from "./recipe.ts";
export { constant } from "./schedules/constant.ts";
export { cosine } from "./schedules/cosine.ts";
export { milestones } from "./schedules/milestones.ts";
export { warmup } from "./schedules/warmup.ts";
export { decodeState, encodeState } from "./state/encode.ts";
export { train } from "./train.ts";
export { lossAndGradients, trainingStep } from "./training-step.ts";
export { serveTraining } from "./worker/serve-training.ts";

export type {
  AffineAnalysis,
  AffineStatistics,
  AffineStatisticsOptions,
  Distribution,
  LayerAffineStatistics,
} from "./analysis/affine.ts";
export type { DeadChannels, DeadChannelsAnalysis } from "./analysis/dead-channels.ts";
export type { Summary } from "./analysis/summary.ts";
export type { ThresholdAccuracy, ThresholdAccuracyOptions } from "./analysis/threshold-accuracy.ts";
export type { Folded } from "./compact/fold.ts";
export type { Pruned, PrunedLayer, PruneOptions } from "./compact/prune.ts";
export type { ZeroOutputsOptions } from "./analysis/zero-outputs.ts";
export type { Histogram } from "./analysis/gamma.ts";
export type {
  BackendCandidate,
  BackendChoice,
  BackendName,
  BackendOptions,
  BackendReport,
  UseBackendOptions,
} from "@bn-only/backends";
export type { Divergence } from "./errors.ts";
export type { Condition } from "./conditions.ts";
export type { EvaluateOptions, Evaluation } from "./evaluate.ts";
export type {
  AverageParameters,
  AverageParametersOptions,
} from "./callbacks/average-parameters.ts";
export type { CheckpointOptions } from "./callbacks/checkpoint.ts";
export type { EarlyStopOptions } from "./callbacks/early-stop.ts";
export type { Every } from "./callbacks/every.ts";
export type { FileBytes } from "./model/bytes.ts";
export type { DenseModel, RebuildDenseOptions } from "./model/dense.ts";
export type { LoadedModel, LoadModelOptions, ModelArchitecture } from "./model/load.ts";
export type { ModelMetadata } from "./model/metadata.ts";
export type { Model } from "./model/read.ts";
export type { SafetensorsFile, StoredTensor } from "./model/safetensors.ts";
export type { AdamOptions } from "./optimizers/adam.ts";
export type { Optimizer, OptimizerState, OptimizerStep } from "./optimizers/optimizer.ts";
export type { SgdOptions } from "./optimizers/sgd.ts";
export type { CosineOptions } from "./schedules/cosine.ts";
export type { MilestonesOptions } from "./schedules/milestones.ts";
export type { Schedule } from "./schedules/schedule.ts";
export type { EpochSums, RunIdentity, TrainingState } from "./state/training-state.ts";
export type { TrainOptions } from "./train-options.ts";
export type { Messages } from "./worker/protocol.ts";
export type { TrainingRequest } from "./worker/serve-training.ts";
export type {
  Batch,
  BatchRequest,
  AbortEvent,
  BatchSource,
  EpochEvent,
  StartEvent,
  NamedCallback,
  StepEvent,
  TrainCallback,
  TrainContext,
  TrainEvent,
  TrainResult,
} from "./types.ts";
