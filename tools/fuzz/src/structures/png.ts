import { crc32 } from "node:zlib";
import { joined, mutateInside } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Mutation } from "../target.ts";
import { adler32, bomb, deflate, inflate } from "./deflate.ts";

interface Chunk {
  type: string;
  content: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const types = [
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "iCCP",
  "tEXt",
  "zTXt",
  "acTL",
  "fdAT",
  "ABCD",
];

/** Chunks as far as they are whole. */
function split(bytes: Uint8Array): Chunk[] {
  const chunks: Chunk[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push({ type, content: bytes.slice(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** With the checksums that belong to them. */
function joinChunks(chunks: readonly Chunk[]): Uint8Array {
  const parts: Uint8Array[] = [signature];
  for (const { type, content } of chunks) {
    const chunk = Buffer.alloc(12 + content.length);
    chunk.writeUInt32BE(content.length, 0);
    chunk.write(type, 4, "latin1");
    chunk.set(content, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
    parts.push(chunk);
  }
  return joined(parts);
}

const changeChunk: Mutation = (bytes, random, other) => {
  const chunks = split(bytes);
  if (chunks.length === 0) return bytes;
  const chunk = random.pick(chunks);
  const at = chunks.indexOf(chunk);
  switch (random.below(6)) {
    case 0:
      chunks.splice(at, 1);
      break;
    case 1:
      chunks.splice(random.below(chunks.length + 1), 0, { ...chunk });
      break;
    case 2:
      chunk.type = random.pick(types);
      break;
    case 3:
      chunks.splice(at, 0, random.pick([...split(other), chunk]));
      break;
    default:
      if (chunk.content.length > 0) chunk.content = mutateInside(chunk.content, random, other);
  }
  return joinChunks(chunks);
};

/** Small sizes, and every kind of colour. */
const changeHeader: Mutation = (bytes, random) => {
  const chunks = split(bytes);
  const header = chunks.find(({ type, content }) => type === "IHDR" && content.length === 13);
  if (header === undefined) return bytes;
  const view = new DataView(header.content.buffer, header.content.byteOffset, 13);
  const change = random.below(5);
  if (change === 0) view.setUint32(0, random.below(40));
  else if (change === 1) view.setUint32(4, random.below(40));
  else if (change === 2) view.setUint8(8, random.pick([1, 2, 4, 8, 16]));
  else if (change === 3) view.setUint8(9, random.pick([0, 2, 3, 4, 6]));
  else view.setUint8(12, random.below(2));
  return joinChunks(chunks);
};

/** Bytes of the header and of the checksum of a zlib stream (RFC 1950). */
const [zlibHeader, zlibEnd] = [Uint8Array.of(0x78, 0x01), 4];

function zlib(stream: Uint8Array, checksum: number): Uint8Array {
  const end = Buffer.alloc(zlibEnd);
  end.writeUInt32BE(checksum);
  return joined([zlibHeader, stream, end]);
}

/** Other pixels, whose checksum is right. */
const changePixels: Mutation = (bytes, random, other) => {
  const chunks = split(bytes);
  const first = chunks.findIndex(({ type }) => type === "IDAT");
  if (first === -1) return bytes;
  chunks[first] = { type: "IDAT", content: pixelsFrom(chunks[first]!.content, random, other) };
  return joinChunks(chunks);
};

function pixelsFrom(content: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  // Far more than any header says.
  if (random.below(20) === 0) return zlib(bomb(random.pick([1 << 16, 1 << 20, 1 << 23])), 0);
  const raw = inflate(content.subarray(zlibHeader.length, -zlibEnd));
  if (raw.length === 0) return content;
  const changed = mutateInside(raw, random, other);
  return zlib(deflate(changed, random), adler32(changed));
}

/** The checksums that belong to all chunks that are whole. */
export function withRightChecksums(bytes: Uint8Array): Uint8Array {
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  for (let at = 8; at + 12 <= result.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > result.length) break;
    view.setUint32(end, crc32(result.subarray(at + 4, end)));
    at = end + 4;
  }
  return result;
}

export const pngMutations: readonly Mutation[] = [changeChunk, changeHeader, changePixels];
