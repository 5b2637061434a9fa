import type { Network } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "../errors.ts";
import type { Model } from "./read.ts";
import type { SafetensorsFile } from "./safetensors.ts";

/** @throws InvalidOptionError for what is no network, such as the promise of one. */
export function assertNetwork(caller: string, network: Network): void {
  if (Array.isArray((network as Partial<Network> | null)?.parameters)) return;
  throw new InvalidOptionError(
    `${caller}: expected a network, such as createNetwork gives, got ${kindOf(network)}.`,
  );
}

/** @throws InvalidOptionError for what is no model, such as the bytes of one. */
export function assertModel(caller: string, model: Model): void {
  const { metadata, tensors } = (model ?? {}) as Partial<Model>;
  if (isMap(tensors) && typeof metadata?.initialization === "object") return;
  throw new InvalidOptionError(
    `${caller}: expected a model, as readModel gives it, got ${kindOf(model)}.`,
  );
}

/** @throws InvalidOptionError for what is not the contents of a file. */
export function assertContents(caller: string, contents: SafetensorsFile): void {
  const { metadata, tensors } = (contents ?? {}) as Partial<SafetensorsFile>;
  if (isMap(metadata) && isMap(tensors)) return;
  throw new InvalidOptionError(
    `${caller}: expected { metadata, tensors }, two Maps, got ${kindOf(contents)}.`,
  );
}

function isMap(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Map]";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return value === undefined ? "nothing" : `something else (${typeof value})`;
}
