import type { Network } from "@bn-only/frozen-layers";
import * as trainer from "@bn-only/trainer";
import { call, type Cases } from "./case.ts";
import { tinyNetwork, tinySource } from "./fixtures.ts";

async function denseModel(): Promise<Uint8Array> {
  const network = tinyNetwork();
  try {
    return await trainer.saveDenseModel(network);
  } finally {
    network.dispose();
  }
}

/** Of the trainer: what looks at networks, and what makes smaller ones of them. */
export const analysisCases: Cases = {
  disabledShare: call(trainer.disabledShare, () => [Float32Array.of(0, 1), 0.01]),
  gammaValues: call(trainer.gammaValues, () => [tinyNetwork()]),
  histogram: call(
    trainer.histogram,
    () => [Float32Array.of(0, 1), { minimum: 0, maximum: 1, bins: 4 }],
    { options: [[1]] },
  ),
  affineStatistics: call(
    trainer.affineStatistics,
    () => [tinyNetwork(), { thresholds: [0.01, 0.1], bins: 4 }],
    { options: [[1]] },
  ),
  deadChannels: call(trainer.deadChannels, () => [new Map([["bn", Float64Array.of(1, 0)]]), 0.9]),
  summarize: call(trainer.summarize, () => [Float32Array.of(0, 1)]),
  thresholdAccuracy: call(
    trainer.thresholdAccuracy,
    () => [
      tinyNetwork(),
      tinySource(),
      { thresholds: [0.1], batchSize: 4, signal: new AbortController().signal },
    ],
    { options: [[2]] },
  ),
  foldNetwork: call(
    async (network: Network) => (await trainer.foldNetwork(network)).network.dispose(),
    () => [tinyNetwork()],
  ),
  pruneNetwork: call(
    async (network: Network, options?: trainer.PruneOptions) =>
      (await trainer.pruneNetwork(network, options)).network.dispose(),
    () => [tinyNetwork(), { threshold: 0.1, multiple: 2 }],
    { options: [[1]] },
  ),
  zeroOutputs: call(
    trainer.zeroOutputs,
    () => [tinyNetwork(), tinySource(), { batchSize: 4, signal: new AbortController().signal }],
    { options: [[2]] },
  ),
  saveDenseModel: call(trainer.saveDenseModel, () => [tinyNetwork(), { by: "me" }]),
  isDenseModel: call(trainer.isDenseModel, async () => [await denseModel()]),
  readDenseModel: call(trainer.readDenseModel, async () => [await denseModel()]),
  rebuildDenseModel: call(
    (model: trainer.DenseModel, options?: trainer.RebuildDenseOptions) =>
      trainer.rebuildDenseModel(model, options).dispose(),
    async () => [trainer.readDenseModel(await denseModel()), { inputShape: [4, 4, 3] }],
    { options: [[1]] },
  ),
};
