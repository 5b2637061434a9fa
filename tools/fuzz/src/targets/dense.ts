import { buildLayer, describeLayer } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import { readDenseModel, rebuildDenseModel, saveDenseModel } from "@bn-only/trainer";
import { FrozenLayersError } from "../../../../packages/frozen-layers/src/errors.ts";
import { TrainerError } from "../../../../packages/bn-only-trainer/src/errors.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import { safetensorsMutations, withRightChecksum } from "../structures/safetensors.ts";
import type { Target } from "../target.ts";
import { keepingTensors, startBackend, tiny } from "./tiny-network.ts";

const typed = (error: unknown): boolean =>
  TrainerError.isInstance(error) || FrozenLayersError.isInstance(error);

/** Header, tensors and layers, as JavaScript holds them: a layer of a few bytes is some functions and lists. */
const limit = (size: number): number => (16 << 20) + 400 * size;

/** A network with all of its numbers, and its layers as JSON. */
export const denseModel: Target = {
  async seeds() {
    return [await saveDenseModel(await tiny(), { dataset: "synthetic" })];
  },
  run: (bytes) =>
    keepingTensors(async () => {
      const read = readDenseModel(bytes);
      rebuildDenseModel(read).dispose();
    }),
  typed,
  limit,
  structured: safetensorsMutations,
  repair: withRightChecksum,
};

/** The layers alone. */
export const layerDescription: Target = {
  async seeds() {
    await startBackend();
    const names = ["cifar-resnet-8", "cifar-densenet-10-2"];
    const networks = names.map((name) => createNetwork(name, { inputShape: [8, 8, 3] }));
    const seeds = networks.map(({ layer }) => encode(JSON.stringify(describeLayer(layer))));
    networks.forEach((network) => network.dispose());
    return seeds;
  },
  run(bytes) {
    let description: unknown;
    try {
      description = JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch {
      return;
    }
    buildLayer(description as never);
  },
  typed,
  limit,
  structured: [jsonMutation],
};
