import { quoted, show } from "@bn-only/errors";
import { InvalidOptionError } from "./errors.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { NamedCallback, TrainCallback, TrainContext, TrainEvent } from "./types.ts";

export type Callback = TrainCallback | NamedCallback;

type Remembering = NamedCallback & Required<Pick<NamedCallback, "capture" | "restore">>;

const isNamed = (callback: Callback): callback is NamedCallback => typeof callback !== "function";
const remembers = (callback: Callback): callback is Remembering =>
  isNamed(callback) && callback.capture !== undefined && callback.restore !== undefined;

/**
 * The callbacks of a run in the order in which they are told: those that are to see what all others did
 * come last.
 *
 * @throws InvalidOptionError for what is no callback, and for names that the state cannot tell apart.
 */
export function orderCallbacks(callbacks: readonly Callback[]): readonly Callback[] {
  const names = new Set<string>();
  for (const callback of callbacks) {
    if (typeof callback === "function") continue;
    if (typeof callback?.name !== "string" || typeof callback.on !== "function") {
      throw new InvalidOptionError(
        `train: callbacks must be functions of (event, context), or objects with a name and on(), got ${show(callback)}.`,
      );
    }
    for (const method of ["capture", "restore", "looksAt"] as const) {
      if (callback[method] === undefined || typeof callback[method] === "function") continue;
      throw new InvalidOptionError(
        `train: ${method} of the callback "${callback.name}" must be a function, got ${show(callback[method])}.`,
      );
    }
    if (!remembers(callback)) continue;
    if (names.has(callback.name) || callback.name.includes("/")) {
      throw new InvalidOptionError(
        `train: the callback "${callback.name}" needs a name of its own, without "/". Rename it.`,
      );
    }
    names.add(callback.name);
  }
  const last = (callback: Callback): boolean => isNamed(callback) && callback.last === true;
  return [...callbacks.filter((one) => !last(one)), ...callbacks.filter(last)];
}

/** Whether any callback looks at this step. All are asked, whatever the others say. */
export function anyLooksAt(callbacks: readonly Callback[], step: number): boolean {
  const answers = callbacks.map((one) => !isNamed(one) || (one.looksAt?.(step) ?? true));
  return answers.some(Boolean);
}

/** Tells all callbacks, one after the other; each may take its time. */
export async function tellCallbacks(
  callbacks: readonly Callback[],
  event: TrainEvent,
  context: TrainContext,
): Promise<void> {
  for (const callback of callbacks) {
    await (isNamed(callback) ? callback.on(event, context) : callback(event, context));
  }
}

export function captureCallbacks(callbacks: readonly Callback[]): TrainingState["callbacks"] {
  return new Map(callbacks.filter(remembers).map((one) => [one.name, one.capture()]));
}

/** @throws InvalidOptionError when a callback of the state is not there. */
export function restoreCallbacks(
  callbacks: readonly Callback[],
  state: TrainingState["callbacks"],
): void {
  for (const [name, entries] of state) {
    const callback = callbacks.filter(remembers).find((one) => one.name === name);
    if (callback === undefined) {
      throw new InvalidOptionError(
        `resume: the state is of a run with the callback ${quoted(name)}, which is not here. Pass it to train().`,
      );
    }
    callback.restore(entries);
  }
}
