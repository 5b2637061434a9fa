import type { StoredTensor } from "./safetensors.ts";

/** Behind the path of a tensor that is stored in part: the positions of its stored numbers. */
export const INDICES = "#indices";

/** By path: the positions of the numbers that are stored, of tensors that are stored in part. */
export function positionsIn(
  tensors: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, Int32Array> {
  const positions = new Map<string, Int32Array>();
  for (const [name, { values }] of tensors) {
    if (name.endsWith(INDICES) && values instanceof Int32Array) {
      positions.set(name.slice(0, -INDICES.length), values);
    }
  }
  return positions;
}

/** Ascending positions at which the bits of two arrays of one length differ. */
export function differingPositions(values: Float32Array, others: Float32Array): Int32Array {
  const [a, b] = [bitsOf(values), bitsOf(others)];
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count += 1;
  const positions = new Int32Array(count);
  for (let i = 0, next = 0; i < a.length; i++) if (a[i] !== b[i]) positions[next++] = i;
  return positions;
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length);
}
