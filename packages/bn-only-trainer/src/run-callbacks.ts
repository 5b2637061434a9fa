import { InvalidOptionError } from "./errors.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { StatefulCallback, TrainCallback, TrainContext, TrainEvent } from "./types.ts";

type Callback = TrainCallback | StatefulCallback;

const isStateful = (callback: Callback): callback is StatefulCallback =>
  typeof callback !== "function";

/**
 * Tells all callbacks, one after the other; each may take its time. Those with a memory come first, so
 * that a state that another one takes at this event has what they remember of it.
 */
export async function tellCallbacks(
  callbacks: readonly Callback[],
  event: TrainEvent,
  context: TrainContext,
): Promise<void> {
  for (const callback of callbacks) if (isStateful(callback)) await callback.on(event, context);
  for (const callback of callbacks) if (!isStateful(callback)) await callback(event, context);
}

export function captureCallbacks(callbacks: readonly Callback[]): TrainingState["callbacks"] {
  return new Map(callbacks.filter(isStateful).map((one) => [one.name, one.capture()]));
}

/**
 * Gives the callbacks of a run what they remembered in the state; nothing where there is no state.
 *
 * @throws InvalidOptionError when a callback of the state is not there, or two share a name.
 */
export function restoreCallbacks(
  callbacks: readonly Callback[],
  state: TrainingState["callbacks"] = new Map(),
): void {
  const stateful = new Map(callbacks.filter(isStateful).map((one) => [one.name, one]));
  if (stateful.size !== callbacks.filter(isStateful).length) {
    throw new InvalidOptionError(
      `train: two callbacks share a name, of ${[...stateful.keys()].join(", ")}. Leave one out, or rename it.`,
    );
  }
  const missing = [...state.keys()].find((name) => !stateful.has(name));
  if (missing !== undefined) {
    throw new InvalidOptionError(
      `resume: the state is of a run with the callback "${missing}", which is not here. Pass it to train().`,
    );
  }
  for (const [name, callback] of stateful) callback.restore(state.get(name) ?? new Map());
}
