import { assertThat } from "../check.ts";
import type { DenseModel } from "./dense.ts";
import type { Model } from "./read.ts";
import type { SafetensorsFile, StoredTensor } from "./safetensors.ts";

/** @throws InvalidOptionError for what is no model, such as the bytes of one. */
export function assertModel(caller: string, model: Model): void {
  const { metadata, tensors } = Object(model) as Partial<Model>;
  const { architecture, fingerprint, initialization, seed, classes, inputShape } = Object(
    metadata,
  ) as Partial<Model["metadata"]>;
  const { weights, batchNorm } = Object(initialization) as Partial<typeof initialization & object>;
  const fits =
    [architecture, fingerprint, weights, batchNorm].every((text) => typeof text === "string") &&
    [seed, classes].every((number) => Number.isSafeInteger(number)) &&
    (inputShape === undefined || isShape(inputShape)) &&
    isTensors(tensors);
  assertThat(fits, `${caller}: the model`, "one, as readModel gives it", model);
}

/** @throws InvalidOptionError for what is no dense model, such as the bytes of one. */
export function assertDenseModel(model: DenseModel): void {
  const { name, tensors, layer } = Object(model) as Partial<DenseModel>;
  const fits = isText(name) && isTensors(tensors) && typeof layer === "object";
  const expected = "one, as readDenseModel gives it";
  assertThat(fits, "rebuildDenseModel: the model", expected, model);
}

/** @throws InvalidOptionError for what is not the contents of a file. */
export function assertContents(caller: string, contents: SafetensorsFile): void {
  const { metadata, tensors } = Object(contents) as Partial<SafetensorsFile>;
  const fits = isMap(metadata) && isMap(tensors);
  assertThat(fits, `${caller}: the contents`, "{ metadata, tensors }, two Maps", contents);
}

function isTensors(value: unknown): boolean {
  return isMap(value) && [...value].every(([name, stored]) => isText(name) && isTensor(stored));
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isTensor(value: unknown): boolean {
  const { shape, values } = Object(value) as Partial<StoredTensor>;
  if (!(values instanceof Float32Array || values instanceof Int32Array)) return false;
  return isShape(shape) && shape.reduce((size, length) => size * length, 1) === values.length;
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length));
}

/** Of another realm too, where `instanceof` fails. */
function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(value) === "[object Map]";
}
