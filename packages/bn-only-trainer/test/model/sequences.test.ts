import type { Network } from "@bn-only/frozen-layers";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  type Condition,
  constant,
  readModel,
  restoreModel,
  saveModel,
  train,
  useBackend,
} from "../../src/index.ts";
import { tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

/** The bits of all parameters and running statistics. */
function allBits({ parameters, buffers }: Network): Map<string, Uint32Array> {
  return new Map(
    [...parameters, ...buffers].map(({ path, value }) => {
      const values = value.dataSync<"float32">().slice();
      return [path, new Uint32Array(values.buffer)];
    }),
  );
}

const data = tinyData(50, 20);
const learn = (condition: Condition) => async (network: Network) =>
  void (await train({
    network,
    data,
    condition,
    epochs: 1,
    batchSize: 25,
    schedule: constant(0.01),
  }));

/** Everything that moves a network away from its seed; each takes a network and gives it or another one. */
const actions: Readonly<Record<string, (network: Network) => Promise<Network | void>>> = {
  bn: learn("bn"),
  gamma: learn("gamma"),
  head: learn("head"),
  shortcut: learn("shortcut"),
  all: learn("all"),
  none: learn("none"),
  "random-1": learn("random-1"),
  "random-3": learn("random-3"),
  "bn+head": learn("bn+head"),
  async reload(network) {
    const copy = tinyNetwork();
    await restoreModel(copy, readModel(await saveModel(network)));
    network.dispose();
    return copy;
  },
  async trainable(network) {
    network.setTrainable([
      "head.bias",
      { select: "stage1/**/kernel", indices: () => Int32Array.of(3) },
    ]);
  },
  async "write one number"(network) {
    const kernel = network.parameters.find(({ path }) => path === "stage2/block1/conv2/kernel")!;
    const values = kernel.value.dataSync<"float32">().slice();
    values[17] = -0;
    kernel.set(tensor(values, [...kernel.shape]));
  },
  async "write a tensor as it is"(network) {
    const kernel = network.parameters[0]!;
    kernel.set(tensor(kernel.value.dataSync<"float32">().slice(), [...kernel.shape]));
  },
  async "write in place"(network) {
    network.parameters[0]!.value.dataSync<"float32">()[5] = 0.125;
  },
  async "write statistics"({ buffers }) {
    const [mean, variance] = buffers;
    mean!.set(tensor(new Float32Array(mean!.size).fill(-0.5)));
    variance!.set(tensor(new Float32Array(variance!.size).fill(0)));
  },
  async "bn of another"(network) {
    const other = tinyNetwork();
    await learn("bn")(other);
    await restoreModel(network, readModel(await saveModel(other)));
    other.dispose();
    expect(allBits(network).get("head/kernel")).toEqual(
      allBits(tinyNetworkOnce()).get("head/kernel"),
    );
  },
};

let fresh: Network | undefined;
const tinyNetworkOnce = (): Network => (fresh ??= tinyNetwork());

const named: readonly (readonly string[])[] = [
  ["head", "bn"],
  ["bn+head", "reload", "bn"],
  ["bn+head", "reload", "bn", "reload", "gamma"],
  ["random-3", "bn"],
  ["random-3", "reload", "random-1", "reload"],
  ["all", "reload", "none"],
  ["head", "bn of another", "shortcut"],
  ["trainable"],
];

/** Three to six actions, the same ones in every run. */
function sequence(index: number): string[] {
  const names = Object.keys(actions);
  let state = 1000 + index;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: 3 + (next() % 4) }, () => names[next() % names.length]!);
}

const sequences = [...named, ...Array.from({ length: 24 }, (_, index) => sequence(index))];

test.each(sequences.map((steps) => [steps.join(", "), steps] as const))(
  "%s: the file restores every bit, and says the same when saved again",
  async (_name, steps) => {
    tinyNetworkOnce();
    const before = memory().numTensors;
    let network = tinyNetwork();
    for (const step of steps) network = (await actions[step]!(network)) ?? network;
    const file = await saveModel(network);
    const copy = tinyNetwork();
    await restoreModel(copy, readModel(file));
    expect(allBits(copy)).toEqual(allBits(network));
    expect(Buffer.from(await saveModel(copy)).equals(file)).toBe(true);
    [network, copy].forEach((net) => net.dispose());
    expect(memory().numTensors).toBe(before);
  },
);
