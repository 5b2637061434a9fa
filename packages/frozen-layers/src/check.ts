import { optionFault, show } from "@bn-only/errors";
import { Tensor } from "@tensorflow/tfjs-core";
import { FrozenLayersError, ShapeError } from "./errors.ts";
import type { Shape } from "./shape.ts";

// What the compiler would say, for those who have none.

/** @throws ShapeError unless `options` is an object of options that exist. */
export function assertOptions<Options extends object>(
  subject: string,
  options: Options,
  names: Readonly<Record<keyof Options, true>>,
): void {
  const fault = optionFault<Options>(subject, options, names);
  if (fault !== undefined) throw new ShapeError(fault);
}

/** @throws ShapeError unless `value` is true or false. */
export function assertFlag(subject: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new ShapeError(`${subject} must be true or false, got ${show(value)}.`);
}

/** @throws FrozenLayersError unless `value` is a function. */
export function assertFunction(subject: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new FrozenLayersError(`${subject} must be a function, got ${show(value)}.`);
}

/** @throws FrozenLayersError unless `value` is a text that is not empty. */
export function assertText(subject: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new FrozenLayersError(`${subject} must be a text, got ${show(value)}.`);
}

/** @throws FrozenLayersError unless `values` is a list. */
function assertList(subject: string, values: unknown): void {
  if (Array.isArray(values)) return;
  throw new FrozenLayersError(`${subject} must be a list, got ${show(values)}.`);
}

/** @throws FrozenLayersError unless `parameters` is a list of parameters or statistics. */
export function assertParameters(subject: string, parameters: unknown): void {
  assertList(subject, parameters);
  for (const parameter of parameters as unknown[]) {
    const { path, role } = Object(parameter) as Record<string, unknown>;
    if (typeof path === "string" && typeof role === "string") continue;
    throw new FrozenLayersError(
      `${subject} must hold parameters of a network, got ${show(parameter)}.`,
    );
  }
}

/** @throws ShapeError unless `shape` is a list of whole numbers from 1; `form` is what it should be. */
export function assertSizes(subject: string, shape: unknown, form: string): asserts shape is Shape {
  const fits = (length: unknown): boolean => Number.isSafeInteger(length) && (length as number) > 0;
  if (Array.isArray(shape) && shape.length > 0 && shape.every(fits)) return;
  throw new ShapeError(`${subject} must be ${form} in whole numbers from 1, got ${show(shape)}.`);
}

/** @throws ShapeError unless `value` is a tensor of numbers that is not disposed. */
export function assertTensor(subject: string, value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor)) {
    throw new ShapeError(`${subject} must be a tensor, got ${show(value)}.`);
  }
  if (value.isDisposed) {
    throw new ShapeError(
      `${subject}: this tensor was disposed. What takes ownership of a tensor, as predict does, disposes it: ` +
        `pass a clone() to keep it.`,
    );
  }
  if (value.dtype === "string" || value.dtype === "complex64") {
    throw new ShapeError(`${subject} must be a tensor of numbers, got one of ${value.dtype}.`);
  }
}
