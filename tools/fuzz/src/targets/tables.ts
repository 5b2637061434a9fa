import { DatasetError } from "../../../../packages/datasets/src/errors.ts";
import { parseCifarBinary } from "../../../../packages/datasets/src/formats/cifar-binary.ts";
import { parseIdx } from "../../../../packages/datasets/src/formats/idx.ts";
import { parseLabelList } from "../../../../packages/datasets/src/formats/label-list.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import type { Mutation, Target } from "../target.ts";

const typed = (error: unknown): boolean => DatasetError.isInstance(error);

/** Another length in the shape, and as many values as it then has. */
const changeIdxShape: Mutation = (bytes, random) => {
  const dimensions = bytes[3] === 1 ? 1 : 3;
  const [header, result] = [4 + 4 * dimensions, Buffer.alloc(400)];
  if (bytes.length < header) return bytes;
  result.set(bytes.subarray(0, header));
  result.writeUInt32BE(random.below(6), 4 + 4 * random.below(dimensions));
  let count = 1;
  for (let axis = 0; axis < dimensions; axis++) count *= result.readUInt32BE(4 + 4 * axis);
  return new Uint8Array(result.subarray(0, header + Math.min(count, 300)));
};

export const idx: Target = {
  seeds: () => [
    Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]),
    Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 4, 9, 8, 7, 6]),
  ],
  run(bytes) {
    const { shape, values } = parseIdx(bytes, "file", bytes[3] === 1 ? 1 : 3);
    if (values.length !== shape.reduce((a, b) => a * b, 1)) throw new Error("another size");
  },
  typed,
  limit: (size) => (1 << 18) + size,
  structured: [changeIdxShape],
};

export const cifarBinary: Target = {
  seeds: () => [
    Uint8Array.from({ length: 2 * 3073 }, (_, i) => (i % 3073 === 0 ? 7 : i % 256)),
    Uint8Array.from({ length: 3074 }, (_, i) => i % 100),
  ],
  run(bytes) {
    const labelBytes = bytes.length % 3074 === 0 ? 2 : 1;
    const { images, labels } = parseCifarBinary(bytes, "file", 100, labelBytes);
    if (images.length !== 3072 * labels.length) throw new Error("another size");
  },
  typed,
  limit: (size) => (1 << 18) + 2 * size,
};

export const labelList: Target = {
  seeds: () => [encode("[0,1,2,9]"), encode("[3,3,3,3]")],
  run(bytes) {
    if (parseLabelList(bytes, "file", 4, 10).length !== 4) throw new Error("another size");
  },
  typed,
  limit: (size) => (1 << 20) + 32 * size,
  structured: [jsonMutation],
};
