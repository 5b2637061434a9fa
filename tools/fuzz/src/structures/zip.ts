import { crc32 } from "node:zlib";
import { joined, mutateInside } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Mutation } from "../target.ts";
import { bomb, deflate, inflate } from "./deflate.ts";
import { changeNpyHeader, npy } from "./npy.ts";

/** A file of a zip as it is packed. */
interface Packed {
  readonly name: string;
  readonly stream: Uint8Array;
  readonly deflated: boolean;
  readonly checksum: number;
  /** Bytes when it is unpacked. */
  readonly size: number;
}

/** With a checksum and a size that are right. */
export function pack(name: string, content: Uint8Array, random?: Random): Packed {
  const stream = random ? deflate(content, random) : content;
  const [deflated, checksum] = [random !== undefined, crc32(content)];
  return { name, stream, deflated, checksum, size: content.length };
}

/** A zip whose offsets are right. */
export function zip(files: readonly Packed[]): Uint8Array {
  const [contents, list]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  for (const { name, stream, deflated, checksum, size } of files) {
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(checksum, 16);
    entry.writeUInt32LE(stream.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    contents.push(head, Buffer.from(name), stream);
    list.push(entry, Buffer.from(name));
    offset += head.length + name.length + stream.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return joined([...contents, ...list, end]);
}

/** Another array in a zip that is well-formed, now and then a bomb. */
const changeArray: Mutation = (bytes, random, other) => {
  if (random.below(50) === 0) {
    const size = random.pick([1 << 17, 1 << 20, 1 << 23]);
    const claimed = random.pick([size, 100]);
    const stream = bomb(size);
    return zip([{ name: "x.npy", stream, deflated: true, checksum: 0, size: claimed }]);
  }
  const array = npy(bytes.subarray(0, 6));
  const content = random.pick([mutateInside, changeNpyHeader])(array, random, other);
  return zip([pack("x.npy", content, random.below(2) === 0 ? random : undefined)]);
};

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

/** The checksums and sizes that belong to the files of a list that is whole. */
export function withRightSums(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  const end = result.length - 22;
  if (end < 0) return bytes;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= end && view.getUint32(at, true) === 0x02014b50) {
    const local = view.getUint32(at + 42, true);
    if (local + 30 > end) break;
    const lengths = view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const from = local + 30 + lengths;
    const packed = result.subarray(from, from + view.getUint32(at + 20, true));
    const content = view.getUint16(at + 10, true) === 8 ? inflate(packed) : packed;
    view.setUint32(at + 16, crc32(content), true);
    view.setUint32(at + 24, content.length, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint32(at + 30, true);
  }
  return result;
}

export const zipMutations: readonly Mutation[] = [changeArray, changeField];
