import type { Random } from "./random.ts";
import type { Mutation, Target } from "./target.ts";

/** Longest input that is made. */
export const longestInput = 1 << 18;

/** Integers at the edges of what fits. */
const edges = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
  0xffffffff,
];

const flipBit: Mutation = (bytes, random) => {
  const result = bytes.slice();
  const at = random.below(result.length);
  result[at] = result[at]! ^ (1 << random.below(8));
  return result;
};

const setByte: Mutation = (bytes, random) =>
  bytes.with(random.below(bytes.length), random.below(256));

const addToByte: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return bytes.with(at, bytes[at]! + random.below(33) - 16);
};

/** An edge as one, two or four bytes, in either order. */
const setEdge: Mutation = (bytes, random) => {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const value = random.pick(edges);
  const width = random.pick([1, 2, 4]);
  if (result.length < width) return result;
  const at = random.below(result.length - width + 1);
  const little = random.below(2) === 0;
  if (width === 1) view.setUint8(at, value);
  else if (width === 2) view.setUint16(at, value, little);
  else view.setUint32(at, value, little);
  return result;
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length));

const removeSome: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  const count = 1 + random.below(Math.min(64, bytes.length - from));
  return joined([bytes.subarray(0, from), bytes.subarray(from + count)]);
};

const repeatSome: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  const some = bytes.subarray(from, from + 1 + random.below(128));
  const at = random.below(bytes.length + 1);
  const times = 1 + random.below(random.below(20) === 0 ? 500 : 3);
  const repeated = Array.from({ length: times }, () => some);
  return joined([bytes.subarray(0, at), ...repeated, bytes.subarray(at)]);
};

const insertNoise: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  const noise = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
  return joined([bytes.subarray(0, at), noise, bytes.subarray(at)]);
};

const copyOver: Mutation = (bytes, random) => {
  const from = random.below(bytes.length);
  return bytes.slice().copyWithin(random.below(bytes.length), from, from + 1 + random.below(64));
};

const splice: Mutation = (bytes, random, other) =>
  joined([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);

const plain: readonly Mutation[] = [
  flipBit,
  setByte,
  addToByte,
  setEdge,
  setEdge,
  truncate,
  removeSome,
  repeatSome,
  insertNoise,
  copyOver,
  splice,
];

/** What a target knows of its files. */
type Knowledge = Pick<Target, "structured" | "repair">;

/**
 * One to four changes, five of six of the kinds that know the structure, where there are such; of the
 * results seven of eight are repaired.
 */
export function mutate(
  bytes: Uint8Array,
  other: Uint8Array,
  { structured = [], repair = (same) => same }: Knowledge,
  random: Random,
): Uint8Array {
  let result = bytes;
  const times = 1 + random.below(4);
  for (let i = 0; i < times; i++) {
    if (result.length === 0) result = insertNoise(result, random, other);
    const known = structured.length > 0 && random.below(6) > 0;
    result = random.pick(known ? structured : plain)(result, random, other);
  }
  if (random.below(8) > 0) result = repair(result);
  return result.subarray(0, longestInput);
}

/** Changes of the plain kinds, for the inside of something. */
export const mutateInside: Mutation = (bytes, random, other) =>
  mutate(bytes, other, {}, random).slice();

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
