import { deflateRawSync, inflateRawSync } from "node:zlib";
import { joined } from "../mutate.ts";
import type { Random } from "../random.ts";

/** Bytes of a block that is stored, at the most (RFC 1951). */
const longestBlock = 0xffff;

/** A deflate stream: one in eight is compressed, the others are stored, since starting zlib takes longer than most parsing. */
export function deflate(content: Uint8Array, random: Random): Uint8Array {
  if (random.below(8) === 0) return new Uint8Array(deflateRawSync(content, { level: 1 }));
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < content.length; at += longestBlock) {
    const block = content.subarray(at, at + longestBlock);
    const head = Buffer.alloc(5);
    head[0] = at + longestBlock >= content.length ? 1 : 0;
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  return joined(parts);
}

/** What a deflate stream holds, up to 128 KiB and as far as it goes; nothing where it is none. */
export function inflate(bytes: Uint8Array): Uint8Array {
  try {
    const limits = { maxOutputLength: 1 << 17, chunkSize: 4096, finishFlush: 2 };
    return new Uint8Array(inflateRawSync(bytes, limits));
  } catch {
    return new Uint8Array(0);
  }
}

const bombs = new Map<number, Uint8Array>();

/** A deflate stream of so many zeros. */
export function bomb(size: number): Uint8Array {
  let known = bombs.get(size);
  if (known === undefined) {
    known = new Uint8Array(deflateRawSync(new Uint8Array(size)));
    bombs.set(size, known);
  }
  return known;
}

/** RFC 1950. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
