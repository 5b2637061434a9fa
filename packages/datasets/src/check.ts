import { optionFault, show } from "@bn-only/errors";
import { OptionError } from "./errors.ts";

// What the compiler would say, for those who have none.

/** Throws unless `options` is an object of options that exist. */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new OptionError(subject, fault);
}

/** Throws unless `value` is an integer in `[minimum, maximum]`. */
export function checkInteger(
  option: string,
  value: unknown,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): void {
  const fits =
    Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `at least ${minimum}` : `from ${minimum} to ${maximum}`;
  checkThat(fits, option, `an integer ${range}`, value);
}

/** Throws unless `value` is what `expected` says. */
export function checkThat(fits: boolean, option: string, expected: string, value: unknown): void {
  if (fits) return;
  throw new OptionError(option, `${option}: expected ${expected}, got ${show(value)}.`);
}

/** Throws unless `value` is true or false. */
export function checkFlag(option: string, value: unknown): void {
  checkThat(typeof value === "boolean", option, "true or false", value);
}

/** Throws unless `value` is a function. */
export function checkFunction(option: string, value: unknown): void {
  checkThat(typeof value === "function", option, "a function", value);
}

/** Throws unless `value` is a text that is not empty. */
export function checkText(option: string, value: unknown): void {
  checkThat(typeof value === "string" && value !== "", option, "a text", value);
}

/** Throws unless `value` could be the path of a file or folder. */
export function checkPath(option: string, value: unknown): void {
  const fits = typeof value === "string" && value !== "" && !value.includes("\0");
  checkThat(fits, option, "a path", value);
}

/** Throws unless `value` is a signal. */
export function checkSignal(value: unknown): void {
  checkThat(value instanceof AbortSignal, "signal", "an AbortSignal", value);
}

/** Throws unless they are bytes. */
export function checkBytes(option: string, value: unknown): void {
  checkThat(value instanceof Uint8Array, option, "bytes in a Uint8Array", value);
}
