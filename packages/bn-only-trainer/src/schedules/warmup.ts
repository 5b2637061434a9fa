import { InvalidOptionError } from "../errors.ts";
import type { Schedule } from "./schedule.ts";

export interface WarmupOptions {
  /** Steps of the warm-up: a whole number of them, or a fraction of all steps below 1. */
  readonly steps: number;
  /** The schedule that follows. */
  readonly then: Schedule;
}

/**
 * The learning rate rises linearly, `(step + 1) / w` of the first rate of `then`, over the first w
 * steps, then `then` runs over the steps that are left (Goyal et al. 2017, section 2.2).
 *
 * @throws InvalidOptionError for a number of steps out of range.
 */
export function warmup({ steps: length, then }: WarmupOptions): Schedule {
  const isShare = length > 0 && length < 1;
  if (!isShare && !(Number.isSafeInteger(length) && length >= 0)) {
    throw new InvalidOptionError(
      `warmup: steps must be a whole number from 0, or a fraction of all steps between 0 and 1, got ${String(length)}.`,
    );
  }
  if (typeof then !== "function") {
    throw new InvalidOptionError(
      `warmup: then must be a schedule, such as milestones(), got ${typeof then}.`,
    );
  }
  return (step, steps) => {
    const warm = Math.min(steps, isShare ? Math.round(length * steps) : length);
    const left = Math.max(1, steps - warm);
    return step < warm ? (then(0, left) * (step + 1)) / warm : then(step - warm, left);
  };
}
