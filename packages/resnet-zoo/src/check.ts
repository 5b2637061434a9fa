import { optionFault, show } from "@bn-only/errors";
import { ZooError } from "./errors.ts";

// What the compiler would say, for those who have none.

/** @throws ZooError unless `options` is an object of options that exist. */
export function assertOptions<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new ZooError(fault);
}

/** @throws ZooError unless `value` is a whole number in the range. */
export function assertWhole(
  subject: string,
  value: unknown,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): void {
  const fits =
    Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  if (fits) return;
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new ZooError(`${subject} must be a whole number ${range}, got ${show(value)}.`);
}
