import { OptionError } from "./errors.ts";

/** Throws unless `value` is an integer in `[minimum, maximum]`. */
export function checkInteger(
  option: string,
  value: number,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return;
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new OptionError(option, `${option}: expected an integer ${range}, got ${String(value)}.`);
}
