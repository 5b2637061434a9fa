// What a project with the strictest settings writes, against the declarations that are published. It is
// compiled, never run.

import type {
  TensorflowBackendOptions,
  TensorflowKernelOptions,
} from "@bn-only/backend-tensorflow";
import type { WasmBackendOptions } from "@bn-only/backend-wasm";
import type * as datasets from "@bn-only/datasets";
import { batchSource, synthetic } from "@bn-only/datasets";
import type * as layers from "@bn-only/frozen-layers";
import {
  createNetwork,
  type CreateNetworkOptions,
  type DefineNetworkOptions,
} from "@bn-only/resnet-zoo";
import type * as trainer from "@bn-only/trainer";
import { evaluate, milestones, saveModel, sgd, train, useBackend } from "@bn-only/trainer";

/** Options that may be left out, and may not be `undefined`. */
type Exact<Options> = {
  [Name in keyof Options]-?: {} extends Pick<Options, Name>
    ? { [Same in Name]: undefined } extends Pick<Options, Name>
      ? never
      : Name
    : never;
}[keyof Options];

type All<Options extends object> = { [Name in keyof Options]: Exact<Options[Name]> }[keyof Options];

type None<Names extends never> = Names;

/** Whoever reads an option from elsewhere passes it on, and where it is not set it is `undefined`. */
export type Loose = None<
  All<{
    arrays: datasets.ArraysOptions;
    averageParameters: trainer.AverageParametersOptions;
    averagePool: layers.PoolOptions;
    batchNorm: layers.BatchNormLayerOptions;
    batches: trainer.BatchRequest;
    batchSource: datasets.BatchSourceOptions;
    centerCrop: datasets.CenterCropOptions;
    checkpoint: trainer.CheckpointOptions;
    conv2d: layers.Conv2DOptions;
    cosine: trainer.CosineOptions;
    createNetwork: CreateNetworkOptions;
    cropWithPadding: datasets.CropWithPaddingOptions;
    defineNetwork: DefineNetworkOptions;
    dense: layers.DenseOptions;
    earlyStop: trainer.EarlyStopOptions;
    evaluate: trainer.EvaluateOptions;
    imageDataset: datasets.ImageDatasetRecipe;
    imageFolder: datasets.ImageFolderOptions;
    load: datasets.FileOptions;
    loadDataset: datasets.LoadDatasetOptions;
    mirror: datasets.Cifar10MirrorOptions;
    milestones: trainer.MilestonesOptions;
    network: layers.NetworkOptions;
    randomResizedCrop: datasets.RandomResizedCropOptions;
    resize: datasets.ResizeOptions;
    sgd: trainer.SgdOptions;
    synthetic: datasets.SyntheticOptions;
    tensorflow: TensorflowBackendOptions;
    tensorflowKernels: TensorflowKernelOptions;
    train: trainer.TrainOptions;
    useBackend: trainer.UseBackendOptions;
    wasm: WasmBackendOptions;
    zeroOutputs: trainer.ZeroOutputsOptions;
  }>
>;

export async function run(settings: {
  seed?: number | undefined;
  epochs?: number | undefined;
  signal?: AbortSignal | undefined;
}): Promise<Uint8Array> {
  const { seed, epochs, signal } = settings;
  await useBackend("auto", { threads: undefined });
  const network = createNetwork("cifar-resnet-8", { seed, classes: undefined });
  const data = synthetic({ seed });
  const source = batchSource(data.train, { seed, augment: undefined, signal });
  const result = await train({
    network,
    data: { train: source, test: undefined },
    epochs,
    signal,
    optimizer: sgd({ momentum: undefined }),
    schedule: milestones({ learningRate: undefined }),
    callbacks: [(event) => event.event === "step" && console.log(event.loss)],
    resume: undefined,
  });
  console.log(result.steps, (await evaluate(network, source, { signal })).accuracy);
  return saveModel(network);
}
