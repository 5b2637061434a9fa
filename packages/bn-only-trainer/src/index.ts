export { disabledShare, gammaValues, histogram } from "./analysis/gamma.ts";
export {
  BackendError,
  backendNames,
  currentBackendName,
  inspectBackends,
  registerBackendCandidate,
  useBackend,
} from "@bn-only/backends";
export { conditions, conditionSelector } from "./conditions.ts";
export { DivergedError, InvalidOptionError, ModelFileError, TrainerError } from "./errors.ts";
export { evaluate } from "./evaluate.ts";
export { defaultHyperparameters, resolveHyperparameters } from "./hyperparameters.ts";
export { readModel, restoreModel, saveModel } from "./model/model.ts";
export { decodeSafetensors, encodeSafetensors } from "./model/safetensors.ts";
export { initializeSgd } from "./optimizers/sgd.ts";
export { learningRateAt } from "./schedules/milestones.ts";
export { train } from "./train.ts";
export { disposeSgd, lossAndGradients, trainingStep } from "./training-step.ts";

export type { Histogram } from "./analysis/gamma.ts";
export type {
  BackendCandidate,
  BackendChoice,
  BackendName,
  BackendOptions,
  BackendReport,
  UseBackendOptions,
} from "@bn-only/backends";
export type { Condition } from "./conditions.ts";
export type { EvaluateOptions, Evaluation } from "./evaluate.ts";
export type { Hyperparameters } from "./hyperparameters.ts";
export type { Model, ModelMetadata } from "./model/model.ts";
export type { SafetensorsFile, StoredTensor } from "./model/safetensors.ts";
export type { SgdState } from "./optimizers/sgd.ts";
export type { TrainOptions, TrainResult } from "./train.ts";
export type { TrainingState } from "./training-step.ts";
export type {
  Batch,
  BatchRequest,
  BatchSource,
  EpochEvent,
  StartEvent,
  StepEvent,
  TrainCallback,
  TrainEvent,
} from "./types.ts";
