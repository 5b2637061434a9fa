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
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?(step|epoch|s|min|h)s?$/.exec(text) ?? [];
  const count = Number(digits);
  const whole = unit === "step" || unit === "epoch";
  if (unit !== undefined && count > 0 && (!whole || Number.isSafeInteger(count))) {
    return units[unit]!(count);
  }
  throw new InvalidOptionError(
    `every: expected a count and a unit, such as 20steps, 1epoch, 30s or 5min, got "${text}".`,
  );
}

/** Tells after each step or epoch whether it is time again. */
export function ticker(every: Every): (event: { event: string; step: number }) => boolean {
  let last = performance.now();
  return ({ event, step }) => {
    if ("epochs" in every) return event === "epoch" && step % every.epochs === 0;
    if (event !== "step") return false;
    if ("steps" in every) return step % every.steps === 0;
    const now = performance.now();
    if (now - last < 1000 * every.seconds) return false;
    last = now;
    return true;
  };
}
