import { crc32, deflateSync, inflateSync } from "node:zlib";
import { joined, mutateInside } from "../mutate.ts";
import type { Random } from "../random.ts";
import type { Mutation } from "../target.ts";

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
export function joinChunks(chunks: readonly Chunk[]): Uint8Array {
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

const changePixels: Mutation = (bytes, random, other) => {
  const chunks = split(bytes);
  const first = chunks.findIndex(({ type }) => type === "IDAT");
  if (first === -1) return bytes;
  const raw = inflateOrNothing(chunks[first]!.content);
  if (raw.length === 0) return bytes;
  const changed = pixelsFrom(raw, random, other);
  chunks[first] = { type: "IDAT", content: deflateSync(changed) };
  return joinChunks(chunks);
};

function pixelsFrom(raw: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  if (random.below(10) > 0) return mutateInside(raw, random, other);
  // A bomb: far more than any header says.
  return new Uint8Array(random.pick([1 << 16, 1 << 20, 1 << 23]));
}

function inflateOrNothing(content: Uint8Array): Uint8Array {
  try {
    return inflateSync(content, { maxOutputLength: 1 << 20 });
  } catch {
    return new Uint8Array(0);
  }
}

export const pngMutations: readonly Mutation[] = [changeChunk, changeHeader, changePixels];
