import type { Network } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "../errors.ts";
import type { Learner } from "../learner.ts";
import type { RunIdentity, TrainingState } from "./training-state.ts";

/** In the order in which they are compared: what explains most comes first. */
const words: Readonly<Partial<Record<keyof RunIdentity, string>>> = {
  network: "network",
  seed: "seed",
  epochs: "number of epochs",
  batchSize: "batch size",
  trainSize: "number of training images",
  optimizer: "optimiser",
  learningRates: "learning rate at the first, middle and last step",
};

/**
 * Changes nothing.
 *
 * @throws InvalidOptionError that names the first thing in which the run differs from the state's.
 */
export function assertResumable(
  network: Network,
  learner: Learner | undefined,
  here: RunIdentity,
  state: TrainingState,
): void {
  const there = state.identity;
  for (const key of Object.keys(words) as (keyof RunIdentity)[]) {
    if (String(here[key]) !== String(there[key])) refuse(words[key]!, here[key], there[key]);
  }
  const condition = "Continue with the condition that the run began with.";
  assertSizes("parameters", sizes(network.trainable), state.parameters, condition);
  assertSizes("running statistics", sizes(network.buffers), state.statistics, condition);
  const vectors = Object.entries(learner?.state ?? {}).map(([k, { size }]) => [k, size] as const);
  const optimizer = "Continue with the optimiser that the run began with.";
  assertSizes("optimiser's vectors", new Map(vectors), state.optimizer, optimizer);
  for (const { path, trainableIndices } of network.trainable) {
    if (state.indices.get(path)?.join() === trainableIndices?.join()) continue;
    throw new InvalidOptionError(
      `resume: of "${path}" other numbers train here than in the state. ${condition}`,
    );
  }
  if (here.fingerprint !== there.fingerprint) {
    refuse("fingerprint of the frozen weights", here.fingerprint, there.fingerprint);
  }
  assertProgress(here, state);
}

function refuse(what: string, here: unknown, there: unknown): never {
  throw new InvalidOptionError(
    `resume: the ${what} is ${String(here)} here, ${String(there)} in the state. A run goes on only as it began.`,
  );
}

/** How many numbers a state must have of each tensor. */
function sizes(
  tensors: readonly { path: string; size: number; trainableSize?: number }[],
): ReadonlyMap<string, number> {
  return new Map(tensors.map(({ path, size, trainableSize }) => [path, trainableSize ?? size]));
}

function assertSizes(
  what: string,
  here: ReadonlyMap<string, number>,
  there: ReadonlyMap<string, Float32Array>,
  advice: string,
): void {
  for (const name of new Set([...here.keys(), ...there.keys()])) {
    const [expected, actual] = [here.get(name), there.get(name)?.length];
    if (expected === actual) continue;
    const told = (count: number | undefined): string => (count ? `${count} numbers` : "none");
    throw new InvalidOptionError(
      `resume: of the ${what}, "${name}" has ${told(expected)} here, ${told(actual)} in the state. ${advice}`,
    );
  }
}

/** A stopped run may have ended an epoch before its last step. */
function assertProgress(
  { epochs, batchSize, trainSize }: RunIdentity,
  { step, history, stopped }: TrainingState,
): void {
  const stepsPerEpoch = Math.ceil(trainSize / batchSize);
  const inEpoch = step - history.length * stepsPerEpoch;
  const fits =
    Number.isSafeInteger(step) &&
    history.length <= epochs &&
    inEpoch <= (history.length < epochs ? stepsPerEpoch : 0) &&
    (inEpoch >= 0 || stopped !== undefined);
  if (fits) return;
  throw new InvalidOptionError(
    `resume: step ${step} does not follow from ${history.length} finished epochs of ${stepsPerEpoch} steps. ` +
      `Use an earlier state.`,
  );
}
