import { show } from "@bn-only/errors";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { formatShape } from "../shape.ts";
import type { Parameter } from "./parameter.ts";
import { assertParameters } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";

/**
 * SHA-256, in hex, over the given parameters in path order: of each its path, its shape and the
 * SHA-256 of its little-endian float32 bytes. Two networks with the same fingerprint have the same
 * bits in those tensors.
 *
 * @param trained by path, positions of numbers that do not count: they are taken as zero
 * @param valuesOf default: those that a parameter has now
 */
export async function fingerprint(
  parameters: readonly Parameter[],
  trained: ReadonlyMap<string, Int32Array> = new Map(),
  valuesOf: (parameter: Parameter) => Float32Array | Promise<Float32Array> = currentValues,
): Promise<string> {
  assertParameters("fingerprint: parameters", parameters);
  const fits =
    trained instanceof Map && [...trained.values()].every((at) => ArrayBuffer.isView(at));
  if (!fits) {
    throw new FrozenLayersError(
      `fingerprint: trained must be a Map of positions by path, got ${show(trained)}.`,
    );
  }
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const parameter of [...parameters].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const values = (await valuesOf(parameter)).slice();
    trained.get(parameter.path)?.forEach((index: number) => (values[index] = 0));
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    parts.push(
      encoder.encode(`${parameter.path} ${formatShape(parameter.shape)}\n`),
      sha256(bytes),
    );
  }
  return bytesToHex(sha256(concatBytes(...parts)));
}

function currentValues({ value }: Parameter): Promise<Float32Array> {
  return value.data<"float32">();
}
