import { InvalidOptionError } from "./errors.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { StatefulCallback, TrainCallback, TrainContext, TrainEvent } from "./types.ts";

type Callback = TrainCallback | StatefulCallback;

const isStateful = (callback: Callback): callback is StatefulCallback =>
  typeof callback !== "function";

/** Tells all callbacks, one after the other; each may take its time. */
export async function tellCallbacks(
  callbacks: readonly Callback[],
  event: TrainEvent,
  context: TrainContext,
): Promise<void> {
  for (const callback of callbacks) {
    await (isStateful(callback) ? callback.on(event, context) : callback(event, context));
  }
}

export function captureCallbacks(callbacks: readonly Callback[]): TrainingState["callbacks"] {
  return new Map(callbacks.filter(isStateful).map((one) => [one.name, one.capture()]));
}

/** @throws InvalidOptionError when a callback of the state is not there. */
export function restoreCallbacks(
  callbacks: readonly Callback[],
  state: TrainingState["callbacks"],
): void {
  for (const [name, entries] of state) {
    const callback = callbacks.filter(isStateful).find((one) => one.name === name);
    if (callback === undefined) {
      throw new InvalidOptionError(
        `resume: the state is of a run with the callback "${name}", which is not here. Pass it to train().`,
      );
    }
    callback.restore(entries);
  }
}
