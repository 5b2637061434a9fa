import { assertFunction, assertNames } from "../check.ts";
import { encodeState } from "../state/encode.ts";
import type { TrainingState } from "../state/training-state.ts";
import type { NamedCallback } from "../types.ts";
import { type Every, parseEvery, ticker } from "./every.ts";

/** Options of `checkpoint`: how often, and where the state goes. */
export interface CheckpointOptions {
  /** `20steps`, `1epoch`, `5min`, or the same as an object. Default `5min`. */
  readonly every?: string | Every | undefined;
  /** Gets the state, and its bytes for a file; training waits for it. */
  readonly save: (bytes: Uint8Array, state: TrainingState) => unknown;
}

/**
 * Saves the state every so often, and when the run is aborted by its signal. `train({ resume })` goes
 * on from it. It is told last, so the state holds what other callbacks did at that event.
 *
 * @throws InvalidOptionError when `every` is none of the forms above, or `save` no function.
 */
export function checkpoint(options: CheckpointOptions): NamedCallback {
  assertNames("checkpoint", options, { every: true, save: true });
  const { every = "5min", save } = options;
  assertFunction("checkpoint: save", save);
  const due = ticker(typeof every === "string" ? parseEvery(every) : every);
  let asked = 0;
  let wanted = 0;

  /** Decided when the step was taken; it may be told of later, when it is too late for its state. */
  function looksAt(step: number): boolean {
    if (step > asked) {
      asked = step;
      if (due.afterStep(step)) wanted = step;
    }
    return step === wanted;
  }

  return {
    name: "checkpoint",
    last: true,
    looksAt,
    async on(event, context) {
      if (event.event === "start") asked = wanted = 0;
      const now =
        event.event === "abort" ||
        (event.event === "step" && looksAt(event.step)) ||
        (event.event === "epoch" && due.afterEpoch(event.epoch));
      if (!now) return;
      const state = await context.state();
      await save(encodeState(state), state);
    },
  };
}
