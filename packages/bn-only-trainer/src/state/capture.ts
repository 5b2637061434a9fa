import { printable, quoted } from "@bn-only/errors";
import {
  disposingOnError,
  type Network,
  type Parameter,
  type RunningStatistic,
} from "@bn-only/frozen-layers";
import { keep, type Tensor, tensor1d } from "@tensorflow/tfjs-core";
import { InvalidOptionError } from "../errors.ts";
import type { Learner } from "../learner.ts";
import { trainedOf, withTrained } from "../partial-values.ts";
import { setValues } from "../set-values.ts";
import type { RunIdentity, TrainingState } from "./training-state.ts";

type Tensors = Pick<TrainingState, "parameters" | "indices" | "statistics" | "optimizer">;

/**
 * Copies of the numbers that training moves. All reads begin before it first waits, so whoever does not
 * wait for it gets the numbers of this moment all the same.
 */
export async function captureTensors(
  network: Network,
  learner: Learner | undefined,
): Promise<Tensors> {
  const indices = new Map<string, Int32Array>();
  const parameters = network.trainable.map(async ({ path, value, trainableIndices }) => {
    if (trainableIndices) indices.set(path, trainableIndices.slice());
    return [path, trainedOf(await read(value), trainableIndices)] as const;
  });
  const statistics = network.buffers.map(
    async ({ path, value }) => [path, await read(value)] as const,
  );
  const optimizer = Object.entries(learner?.state ?? {}).map(
    async ([name, vector]) => [name, await read(vector)] as const,
  );
  // All at once: of several reads that fail, none may be left without anybody who waits for it.
  const entries = [parameters, statistics, optimizer].map((reads) => Promise.all(reads));
  const [trained, running, remembered] = await Promise.all(entries);
  return {
    indices,
    parameters: new Map(trained),
    statistics: new Map(running),
    optimizer: new Map(remembered),
  };
}

/** A copy; the clone keeps alive what the next step disposes. */
async function read(value: Tensor): Promise<Float32Array> {
  const held = keep(value.clone());
  try {
    return (await held.data<"float32">()).slice();
  } finally {
    held.dispose();
  }
}

/** @throws InvalidOptionError that says of which numbers the state is, where they are not the ones that train here. */
export function assertTensorsFit(
  network: Network,
  learner: Learner | undefined,
  state: Tensors,
): void {
  assertNames("parameters", [...state.parameters.keys()], network.trainable);
  assertNames("running statistics", [...state.statistics.keys()], network.buffers);
  for (const { path, trainableSize, trainableIndices } of network.trainable) {
    const size = state.parameters.get(path)!.length;
    const samePositions = state.indices.get(path)?.join() === trainableIndices?.join();
    if (size === trainableSize && samePositions) continue;
    throw new InvalidOptionError(
      `resume: of "${path}" ${trainableSize} numbers train, the state has ${size === trainableSize ? "others" : size}. ` +
        `Train the same ones.`,
    );
  }
  for (const { path, size } of network.buffers) {
    const { length } = state.statistics.get(path)!;
    if (length === size) continue;
    throw new InvalidOptionError(
      `resume: the running statistic "${path}" has ${size} channels, the state ${length}. Use the state of this network.`,
    );
  }
  const vectors = Object.keys(learner?.state ?? {});
  for (const name of new Set([...vectors, ...state.optimizer.keys()])) {
    const [here, there] = [learner?.state[name]?.size, state.optimizer.get(name)?.length];
    if (here === there) continue;
    throw new InvalidOptionError(
      `resume: the optimiser's ${quoted(name)} has ${there ?? "no"} numbers in the state, ${here ?? "none"} here. ` +
        `Continue with the optimiser that the run began with.`,
    );
  }
}

/**
 * Puts the numbers of a state, which must fit, into a network and its learner.
 *
 * @throws OutOfMemoryError of the backend; network and learner are as they were then.
 */
export async function restoreTensors(
  network: Network,
  learner: Learner | undefined,
  state: Tensors,
): Promise<void> {
  const values = new Map<Parameter | RunningStatistic, Float32Array>();
  for (const parameter of network.trainable) {
    const { path, value, trainableIndices } = parameter;
    const trained = state.parameters.get(path)!;
    const all = trainableIndices ? await value.data<"float32">() : trained;
    values.set(parameter, withTrained(all, trained, trainableIndices));
  }
  for (const statistic of network.buffers) {
    values.set(statistic, state.statistics.get(statistic.path)!.slice());
  }
  const vectors = disposingOnError(() => {
    const made = [...(learner ? state.optimizer : [])].map(
      ([name, numbers]) => [name, tensor1d(numbers.slice())] as const,
    );
    setValues(values);
    return made;
  });
  if (learner) learner.state = Object.fromEntries(vectors);
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
    `resume: ${quoted(missing)} is one of the ${what} ${there.has(missing) ? "of the state, but not here" : "here, but not in the state"}. ` +
      `Continue with the condition that the run began with.`,
  );
}

const words: Readonly<Record<Exclude<keyof RunIdentity, "fingerprint" | "firstBatch">, string>> = {
  network: "network",
  seed: "seed",
  epochs: "number of epochs",
  batchSize: "batch size",
  trainSize: "number of training images",
  optimizer: "optimiser",
  learningRates: "learning rate at the first, middle and last step",
};

/** @throws InvalidOptionError that names the first thing but the weights in which the runs differ. */
export function assertSameRun(here: RunIdentity, state: RunIdentity): void {
  for (const key of Object.keys(words) as (keyof typeof words)[]) {
    if (String(here[key]) === String(state[key])) continue;
    throw new InvalidOptionError(
      `resume: the ${words[key]} is ${shown(here[key])} here, ${printable(shown(state[key]))} in the state. ` +
        `A run goes on only as it began.`,
    );
  }
}

function shown(value: string | number | readonly number[]): string {
  if (typeof value !== "object") return String(value);
  return value.map((number) => String(Number(number.toPrecision(6)))).join(", ");
}

/** @throws InvalidOptionError when what is frozen is not what it was. */
export function assertSameWeights(here: RunIdentity, state: RunIdentity): void {
  if (here.fingerprint === state.fingerprint) return;
  throw new InvalidOptionError(
    `resume: the frozen weights have fingerprint ${here.fingerprint.slice(0, 12)}… here, ` +
      `${printable(state.fingerprint.slice(0, 12))}… in the state. Create the network as the run did, and restore what it had restored.`,
  );
}

/** @throws InvalidOptionError when steps, images and finished epochs of a state do not belong together. */
export function assertPosition(
  { step, history, stopped, sums, identity }: Omit<TrainingState, keyof Tensors>,
  steps: number,
  stepsPerEpoch: number,
): void {
  if (stopped !== undefined) return;
  const taken = step - history.length * stepsPerEpoch;
  const images = Math.min(taken * identity.batchSize, identity.trainSize);
  const inEpoch = taken >= 0 && taken <= stepsPerEpoch && step <= steps;
  if (inEpoch && sums.images === images) return;
  throw new InvalidOptionError(
    `resume: the state has ${history.length} finished epochs, ${step} steps, of ${stepsPerEpoch} in an epoch, and ` +
      `${sums.images} images of the epoch that is not finished. They do not belong together; use an earlier one.`,
  );
}
