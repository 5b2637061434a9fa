import { show } from "@bn-only/errors";
import { InvalidOptionError } from "../errors.ts";

/** How often something happens. */
export type Every =
  | { readonly steps: number }
  | { readonly epochs: number }
  | { readonly seconds: number };

const units: Readonly<Record<string, (count: number) => Every>> = {
  step: (steps) => ({ steps }),
  epoch: (epochs) => ({ epochs }),
  s: (seconds) => ({ seconds }),
  min: (minutes) => ({ seconds: 60 * minutes }),
  h: (hours) => ({ seconds: 3600 * hours }),
};

/**
 * `20steps`, `2epochs`, `30s`, `5min` or `1h`.
 *
 * @throws InvalidOptionError for anything else, and for a count of zero.
 */
export function parseEvery(text: string): Every {
  const [, digits, unit] =
    typeof text !== "string" ? [] : (/^(\d+(?:\.\d+)?) ?(step|epoch|s|min|h)s?$/.exec(text) ?? []);
  const count = Number(digits);
  const whole = unit === "step" || unit === "epoch";
  if (
    unit !== undefined &&
    count > 0 &&
    count < Infinity &&
    (!whole || Number.isSafeInteger(count))
  ) {
    return units[unit]!(count);
  }
  throw new InvalidOptionError(
    `every: expected a count and a unit, such as 20steps, 1epoch, 30s or 5min, got ${show(text)}.`,
  );
}

/** Asked after each step and each epoch whether it is time again; a clock starts at the first step. */
export interface Ticker {
  afterStep(step: number): boolean;
  afterEpoch(epoch: number): boolean;
}

/** @throws InvalidOptionError unless `every` has one positive count and nothing else. */
export function ticker(every: Every): Ticker {
  const [[unit, count] = [], ...rest] = Object.entries(every ?? {});
  const known = unit === "steps" || unit === "epochs" || unit === "seconds";
  const fits =
    unit === "seconds"
      ? typeof count === "number" && count > 0 && count < Infinity
      : Number.isSafeInteger(count) && count! > 0;
  if (!known || !fits || rest.length > 0 || typeof count !== "number") {
    throw new InvalidOptionError(
      `every: expected { steps }, { epochs } or { seconds } above 0, one of them, or a text such as "5min", got ${show(every)}.`,
    );
  }
  let last: number | undefined;
  return {
    afterEpoch: (epoch) => unit === "epochs" && (epoch + 1) % count === 0,
    afterStep(step) {
      if (unit !== "seconds") return unit === "steps" && step % count === 0;
      const now = performance.now();
      last ??= now;
      if (now - last < 1000 * count) return false;
      last = now;
      return true;
    },
  };
}
