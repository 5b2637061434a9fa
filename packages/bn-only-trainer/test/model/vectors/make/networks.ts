import type { Network } from "@bn-only/frozen-layers";
import { type CreateNetworkOptions, createNetwork, defineNetwork } from "@bn-only/resnet-zoo";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { type Model, rebuildModel } from "../../../../src/index.ts";

const inputShape = [8, 8, 3] as const;

/** Two images; number `i` of both together is `(37 i mod 256) / 128 − 1`. */
function images(): Tensor {
  const values = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => ((37 * i) % 256) / 128 - 1);
  return tensor(values, [2, ...inputShape]);
}

export async function logitsOf(network: Network): Promise<number[][]> {
  const logits = network.predict(images());
  const rows = (await logits.array()).map((row) =>
    row.map((value) => Number(value.toPrecision(7))),
  );
  logits.dispose();
  return rows;
}

/** Numbers with few binary digits, of which every step of their making is exact. */
const patterns: Readonly<Record<string, (i: number) => number>> = {
  "bn.gamma": (i) => 0.5 + (i % 8) / 16,
  "bn.beta": (i) => (((5 * i) % 16) - 8) / 32,
  "bn.mean": (i) => (((3 * i) % 16) - 8) / 16,
  "bn.variance": (i) => 0.5 + (i % 4) / 4,
  "head.kernel": (i) => (((7 * i) % 64) - 32) / 128,
  "head.bias": (i) => (i - 4) / 8,
};

/** A network whose BatchNorm, and whatever else of these roles is named, looks trained. */
export function trainedNetwork(
  options: CreateNetworkOptions = {},
  roles = ["bn.gamma", "bn.beta", "bn.mean", "bn.variance"],
): Network {
  const network = createNetwork("cifar-resnet-8", { inputShape, ...options });
  for (const state of [...network.parameters, ...network.buffers]) {
    if (!roles.includes(state.role)) continue;
    const values = Float32Array.from({ length: state.size }, (_, i) => patterns[state.role]!(i));
    state.set(tensor(values, [...state.shape]));
  }
  return network;
}

/** As a user would, of the zoo's layers. */
export function networkOf(model: Model): Promise<Network> {
  const { architecture, classes } = model.metadata;
  return rebuildModel(model, defineNetwork(architecture, { classes, inputShape }));
}
