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
    const memory = (["capture", "restore"] as const).filter((method) => callback[method]);
    if (memory.length === 1) {
      throw new InvalidOptionError(
        `train: the callback "${callback.name}" must have capture() and restore(), or neither, got ${memory[0]}() only. Add the other one.`,
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

/**
 * A callback of which the state has nothing gets an empty map: it begins anew.
 *
 * @throws InvalidOptionError when a callback of the state is not there.
 */
export function restoreCallbacks(
  callbacks: readonly Callback[],
  state: TrainingState["callbacks"],
): void {
  const remembering = callbacks.filter(remembers);
  const missing = [...state.keys()].find((name) => remembering.every((one) => one.name !== name));
  if (missing !== undefined) {
    throw new InvalidOptionError(
      `resume: the state is of a run with the callback ${quoted(missing)}, which is not here. Pass it to train().`,
    );
  }
  for (const callback of remembering) callback.restore(state.get(callback.name) ?? new Map());
}
