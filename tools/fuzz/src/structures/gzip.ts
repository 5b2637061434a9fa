import { crc32 } from "node:zlib";
import { joined, mutateInside } from "../mutate.ts";
import type { Mutation } from "../target.ts";
import { bomb, deflate, inflate } from "./deflate.ts";

/** Bytes of a header without a name, a comment and so on (RFC 1952), and of the end. */
const [headerLength, endLength] = [10, 8];

const header = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

/** A gzip file around a deflate stream. */
function wrap(stream: Uint8Array, checksum: number, length: number): Uint8Array {
  const end = Buffer.alloc(endLength);
  end.writeUInt32LE(checksum);
  end.writeUInt32LE(length, 4);
  return joined([header, stream, end]);
}

/** Changes the content of a gzip file, whose checksum is right again. */
export function insideGzip(inside: readonly Mutation[]): Mutation {
  return (bytes, random, other) => {
    const content = contentOf(bytes);
    if (content.length === 0) return bytes;
    const changed = random.pick(inside)(content, random, contentOf(other));
    return wrap(deflate(changed, random), crc32(changed), changed.length);
  };
}

function contentOf(bytes: Uint8Array): Uint8Array {
  return inflate(bytes.subarray(headerLength, -endLength));
}

/** The checksum and length that belong to a first member that can be inflated, where it is the only one. */
export function withRightEnd(bytes: Uint8Array): Uint8Array {
  if (bytes.length < headerLength + endLength || bytes[3] !== 0) return bytes;
  const content = contentOf(bytes);
  if (content.length === 0) return bytes;
  const result = bytes.slice();
  const view = new DataView(result.buffer, result.length - endLength);
  view.setUint32(0, crc32(content), true);
  view.setUint32(4, content.length, true);
  return result;
}

/** In the place of the file, or behind it as another member. */
const addBomb: Mutation = (bytes, random) => {
  const size = random.pick([1 << 17, 1 << 20, 1 << 24]);
  const member = wrap(bomb(size), 0, size);
  return random.below(2) === 0 ? member : joined([bytes, member]);
};

/** Other flags, and what they announce. */
const changeHeader: Mutation = (bytes, random) => {
  const rest = bytes.subarray(headerLength);
  const head = bytes.slice(0, headerLength);
  head[3] = random.pick([0, 1, 2, 4, 8, 16, 12, 31, 255]);
  const extra = Uint8Array.from({ length: random.below(12) }, () => random.below(4));
  return joined([head, extra, rest]);
};

/** As many bombs as other changes would slow everything down. */
const rarely =
  (mutation: Mutation): Mutation =>
  (bytes, random, other) =>
    random.below(200) === 0 ? mutation(bytes, random, other) : mutateInside(bytes, random, other);

export const gzipMutations: readonly Mutation[] = [
  insideGzip([mutateInside]),
  changeHeader,
  rarely(addBomb),
];

/** Another value in a field of a header of a tar, with the checksum that belongs to it. */
const changeTarHeader: Mutation = (bytes, random) => {
  const blocks = bytes.length >> 9;
  if (blocks === 0) return bytes;
  const result = bytes.slice();
  const start = 512 * random.below(blocks);
  const block = Buffer.from(result.buffer, start, 512);
  const fields: readonly (() => void)[] = [
    () => block.write(random.pick(["d/a", "./d/a", "d/a\0x", "../../etc/passwd", "__proto__"]), 0),
    () => block.write(random.pick(["00000000000", "77777777777", "00000001000", "-1", "9"]), 124),
    () => block.fill(255, 124, 136),
    () => block.write(random.pick([..."0123567xgLKSVM\0"]), 156),
    () => block.write(random.pick(["ustar\u000000", "ustar  \0", "\0"]), 257),
    () => block.fill(random.below(256), random.below(512)),
  ];
  random.pick(fields)();
  block.fill(32, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return result;
};

export const tarMutations: readonly Mutation[] = [
  insideGzip([changeTarHeader, changeTarHeader, mutateInside]),
];
