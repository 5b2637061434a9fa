import { crc32, deflateRawSync } from "node:zlib";
import { joined, mutateInside } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Mutation } from "../target.ts";

/** A zip of one file with a checksum, sizes and offsets that are right. */
function zip(name: string, content: Uint8Array, deflated: boolean): Uint8Array {
  const packed = deflated ? deflateRawSync(content) : content;
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(content));
  sizes.writeUInt32LE(packed.length, 4);
  sizes.writeUInt32LE(content.length, 8);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50);
  head.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50);
  entry.writeUInt16LE(deflated ? 8 : 0, 10);
  sizes.copy(entry, 16);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(head.length + name.length + packed.length, 16);
  return joined([head, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

const header = Buffer.from(
  "\x93NUMPY\x01\x00\x3e\x00{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }    \n",
  "latin1",
);

/** Another array in a zip that is well-formed, now and then a bomb. */
const changeArray: Mutation = (bytes, random, other) => {
  const array = joined([header, bytes.subarray(0, 6)]);
  const content = contentFrom(array, random, other);
  return zip("x.npy", content, random.below(2) === 0);
};

function contentFrom(array: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  if (random.below(50) === 0) return new Uint8Array(random.pick([1 << 17, 1 << 20, 1 << 23]));
  return mutateInside(array, random, other);
}

/** A field of the list or of the end. */
const changeField: Mutation = (bytes, random) => {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const from = Math.max(0, result.length - 75);
  const at = from + random.below(Math.max(1, result.length - from - 4));
  if (at + 4 > result.length) return bytes;
  view.setUint32(at, random.pick([0, 1, 8, 0xffff, 0xffffffff, result.length, 1 << 16]), true);
  return result;
};

export const zipMutations: readonly Mutation[] = [changeArray, changeField];
