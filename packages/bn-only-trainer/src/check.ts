import { optionFault, show } from "@bn-only/errors";
import type { Network } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "./errors.ts";

// What the compiler would say, for those who have none.

/** @throws InvalidOptionError unless `options` is an object of options that exist. */
export function assertNames<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new InvalidOptionError(fault);
}

/** @throws InvalidOptionError unless `value` is what `expected` says. */
export function assertThat(fits: boolean, subject: string, expected: string, value: unknown): void {
  if (!fits) throw new InvalidOptionError(`${subject} must be ${expected}, got ${show(value)}.`);
}

/** @throws InvalidOptionError unless `network` is one. */
export function assertNetwork(subject: string, network: unknown): asserts network is Network {
  const { parameters, buffers, inputShape } = Object(network) as Partial<Network>;
  const fits =
    Array.isArray(parameters) &&
    Array.isArray(buffers) &&
    Array.isArray(inputShape) &&
    hasMethods(network, "predict", "setTrainable", "fingerprint");
  assertThat(fits, `${subject}: the network`, "a Network, such as createNetwork() gives", network);
  const { name, disposed } = network as Network;
  if (disposed) {
    throw new InvalidOptionError(
      `${subject}: the network ${name} was disposed, and its values are gone. Create another one, or dispose it later.`,
    );
  }
}

/** @throws InvalidOptionError unless there is none, or it is a signal. */
export function assertSignal(subject: string, signal: unknown): void {
  const fits = signal === undefined || hasMethods(signal, "throwIfAborted", "addEventListener");
  assertThat(fits, `${subject}: signal`, "an AbortSignal", signal);
}

/** @throws InvalidOptionError unless `value` is a function. */
export function assertFunction(subject: string, value: unknown): void {
  assertThat(typeof value === "function", subject, "a function", value);
}

export function hasMethods(value: unknown, ...methods: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function")
  );
}

export function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
