import { show } from "@bn-only/errors";
import { InvalidOptionError } from "./errors.ts";

/** What a number must be, and the words for it. */
export type Rule = readonly [fits: (value: number) => boolean, expected: string];

export const positive: Rule = [(value) => value > 0 && Number.isFinite(value), "a number above 0"];
export const notNegative: Rule = [
  (value) => value >= 0 && Number.isFinite(value),
  "a number from 0",
];
export const finite: Rule = [(value) => Number.isFinite(value), "a finite number"];
export const whole: Rule = [
  (value) => Number.isSafeInteger(value) && value >= 1,
  "a whole number from 1",
];
export const fraction: Rule = [(value) => value >= 0 && value < 1, "a number from 0 to below 1"];

/**
 * @param subject who wants it, such as `train` or `sgd`
 * @throws InvalidOptionError for a value that does not fit its rule, NaN included.
 */
export function assertOptions(
  subject: string,
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [name, [fits, expected]] of Object.entries(rules)) {
    const value = values[name];
    if (typeof value === "number" && fits(value)) continue;
    throw new InvalidOptionError(`${subject}: ${name} must be ${expected}, got ${show(value)}.`);
  }
}
