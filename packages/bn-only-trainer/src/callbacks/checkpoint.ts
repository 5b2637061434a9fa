import { encodeState } from "../state/encode.ts";
import type { TrainingState } from "../state/training-state.ts";
import type { TrainCallback } from "../types.ts";
import { type Every, parseEvery, ticker } from "./every.ts";

export interface CheckpointOptions {
  /** `20steps`, `1epoch`, `5min`, or the same as an object. Default `5min`. */
  readonly every?: string | Every;
  /** Gets the state, and its bytes for a file; training waits for it. */
  readonly save: (bytes: Uint8Array, state: TrainingState) => void | Promise<void>;
}

/**
 * Saves the state every so often, and when the run is aborted by its signal. `train({ resume })` goes
 * on from it.
 *
 * @throws InvalidOptionError when `every` is none of the forms above.
 */
export function checkpoint({ every = "5min", save }: CheckpointOptions): TrainCallback {
  const due = ticker(typeof every === "string" ? parseEvery(every) : every);
  return async (event, context) => {
    const step =
      event.event === "step" ? event.step : event.event === "epoch" ? event.epoch + 1 : 0;
    if (event.event !== "abort" && !due({ event: event.event, step })) return;
    const state = await context.state();
    await save(encodeState(state), state);
  };
}
