import { optionFault, show } from "@bn-only/errors";
import { TensorflowError } from "./errors.ts";
import type { TensorflowDevice } from "./installation.ts";

// What the compiler would say, for those who have none.

/** @throws TensorflowError unless `options` is an object of options that exist. */
export function assertOptions<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new TensorflowError(fault);
}

/** @throws TensorflowError unless `value` is what `expected` says. */
export function assertThat(fits: boolean, subject: string, expected: string, value: unknown): void {
  if (!fits) throw new TensorflowError(`${subject} must be ${expected}, got ${show(value)}.`);
}

/** @throws TensorflowError for another device than ours. */
export function assertDevice(device: unknown): asserts device is TensorflowDevice {
  assertThat(device === "cpu" || device === "cuda", "device", '"cpu" or "cuda"', device);
}

/** @throws TensorflowError unless `env` is an object of texts. */
export function assertEnvironment(env: unknown): void {
  const isText = (value: unknown): boolean => value === undefined || typeof value === "string";
  const fits = typeof env === "object" && env !== null && Object.values(env).every(isText);
  assertThat(fits, "environment", "variables by name, such as process.env", env);
}

/** @throws TensorflowError for what is not the path of a folder. */
export function assertFolder(folder: unknown): asserts folder is string {
  const fits = typeof folder === "string" && folder !== "" && !folder.includes("\0");
  assertThat(fits, "folder", "the path of a folder", folder);
}
