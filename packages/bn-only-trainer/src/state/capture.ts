import type { Network } from "@bn-only/frozen-layers";
import { type Tensor1D, tensor, tensor1d } from "@tensorflow/tfjs-core";
import { InvalidOptionError } from "../errors.ts";
import type { Learner } from "../learner.ts";
import type { RunIdentity, TrainingState } from "./training-state.ts";

type Tensors = Pick<TrainingState, "parameters" | "indices" | "statistics" | "optimizer">;

/** Copies of the numbers that training moves. */
export async function captureTensors(
  network: Network,
  learner: Learner | undefined,
): Promise<Tensors> {
  const parameters = new Map<string, Float32Array>();
  const indices = new Map<string, Int32Array>();
  for (const { path, value, trainableIndices } of network.trainable) {
    const values = await value.data<"float32">();
    if (trainableIndices) {
      indices.set(path, trainableIndices.slice());
      parameters.set(
        path,
        Float32Array.from(trainableIndices, (index) => values[index]!),
      );
    } else parameters.set(path, values.slice());
  }
  const statistics = new Map<string, Float32Array>();
  for (const { path, value } of network.buffers) {
    statistics.set(path, (await value.data<"float32">()).slice());
  }
  const optimizer = new Map<string, Float32Array>();
  for (const [name, vector] of Object.entries(learner?.state ?? {})) {
    optimizer.set(name, (await vector.data<"float32">()).slice());
  }
  return { parameters, indices, statistics, optimizer };
}

/**
 * Puts the numbers of a state into a network and its learner. Nothing changes unless all of them fit.
 *
 * @throws InvalidOptionError that says what differs.
 */
export async function restoreTensors(
  network: Network,
  learner: Learner | undefined,
  state: Tensors,
): Promise<void> {
  assertNames("parameters", [...state.parameters.keys()], network.trainable);
  assertNames("running statistics", [...state.statistics.keys()], network.buffers);
  for (const { path, trainableSize, trainableIndices } of network.trainable) {
    const size = state.parameters.get(path)!.length;
    const samePositions = state.indices.get(path)?.join() === trainableIndices?.join();
    if (size !== trainableSize || !samePositions) {
      throw new InvalidOptionError(
        `resume: of "${path}" ${trainableSize} numbers train, the state has ${size === trainableSize ? "others" : size}. ` +
          `Train the same ones.`,
      );
    }
  }
  const vectors: Record<string, Tensor1D> = {};
  for (const [name, { length }] of state.optimizer) {
    const expected = learner?.state[name]?.size;
    if (expected === length) continue;
    throw new InvalidOptionError(
      `resume: the optimiser's "${name}" has ${length} numbers in the state, ${expected ?? "none"} here. ` +
        `Continue with the optimiser that the run began with.`,
    );
  }

  for (const parameter of network.trainable) {
    const values = state.parameters.get(parameter.path)!;
    parameter.set(tensor(await merged(parameter, values), [...parameter.shape], "float32"));
  }
  for (const statistic of network.buffers) {
    const values = state.statistics.get(statistic.path)!.slice();
    statistic.set(tensor(values, [...statistic.shape], "float32"));
  }
  if (!learner) return;
  for (const [name, values] of state.optimizer) vectors[name] = tensor1d(values.slice());
  learner.state = vectors;
}

/** A parameter's numbers with those that train replaced. */
async function merged(
  { trainableIndices, value }: Network["trainable"][number],
  values: Float32Array,
): Promise<Float32Array> {
  if (!trainableIndices) return values.slice();
  const all = (await value.data<"float32">()).slice();
  trainableIndices.forEach((index, i) => (all[index] = values[i]!));
  return all;
}

function assertNames(
  what: string,
  names: readonly string[],
  expected: readonly { readonly path: string }[],
): void {
  const [here, there] = [expected.map(({ path }) => path), new Set(names)];
  const missing =
    here.find((path) => !there.has(path)) ?? names.find((name) => !here.includes(name));
  if (missing === undefined) return;
  throw new InvalidOptionError(
    `resume: "${missing}" is one of the ${what} ${there.has(missing) ? "of the state, but not here" : "here, but not in the state"}. ` +
      `Continue with the condition that the run began with.`,
  );
}

const words: Readonly<Record<keyof RunIdentity, string>> = {
  network: "network",
  seed: "seed",
  fingerprint: "fingerprint of the frozen weights",
  epochs: "number of epochs",
  batchSize: "batch size",
  trainSize: "number of training images",
  optimizer: "optimiser",
  learningRates: "learning rate at the first, middle and last step",
};

/** @throws InvalidOptionError that names the first thing in which the runs differ. */
export function assertSameRun(here: RunIdentity, state: RunIdentity): void {
  for (const key of Object.keys(words) as (keyof RunIdentity)[]) {
    if (String(here[key]) === String(state[key])) continue;
    throw new InvalidOptionError(
      `resume: the ${words[key]} is ${String(here[key])} here, ${String(state[key])} in the state. ` +
        `A run goes on only as it began.`,
    );
  }
}
