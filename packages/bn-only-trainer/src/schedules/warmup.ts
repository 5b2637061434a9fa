import { show } from "@bn-only/errors";
import { InvalidOptionError } from "../errors.ts";
import type { Schedule } from "./schedule.ts";

/**
 * The learning rate rises linearly, `(step + 1) / w` of the first rate of `then`, over the first w
 * steps, then `then` runs over the steps that are left (Goyal et al. 2017, section 2.2).
 *
 * @param then the schedule that follows
 * @param length steps of the warm-up: a whole number of them, or a fraction of all steps below 1
 * @throws InvalidOptionError for a length out of range.
 */
export function warmup(then: Schedule, length: number): Schedule {
  if (typeof then !== "function") {
    throw new InvalidOptionError(
      `warmup: expected the schedule that follows, such as milestones(), got ${show(then)}.`,
    );
  }
  const isShare = typeof length === "number" && length > 0 && length < 1;
  if (!isShare && !(Number.isSafeInteger(length) && length >= 0)) {
    throw new InvalidOptionError(
      `warmup: the length must be a whole number of steps from 0, or a fraction of all steps below 1, got ${show(length)}.`,
    );
  }
  return (step, steps) => {
    const warm = Math.min(steps, isShare ? Math.round(length * steps) : length);
    const left = Math.max(1, steps - warm);
    return step < warm ? (then(0, left) * (step + 1)) / warm : then(step - warm, left);
  };
}
