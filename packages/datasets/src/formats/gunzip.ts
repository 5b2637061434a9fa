import { checkBytes, checkInteger, checkText } from "../check.ts";
import { FormatError } from "../errors.ts";

/** Bytes that a gzip file may expand to unless told otherwise: 1 GiB. */
const defaultLimit = 2 ** 30;

const pieceSize = 1 << 18;

/**
 * The content of a gzip file, in memory. Its checksum must be right.
 *
 * @param file name of the file, for messages
 * @param limit bytes of content at most. Default 2^30
 * @throws FormatError when it is no whole gzip file, or expands to more than `limit` bytes
 */
export async function gunzip(
  bytes: Uint8Array,
  file: string,
  limit: number = defaultLimit,
): Promise<Uint8Array> {
  checkBytes("bytes", bytes);
  checkText("file", file);
  checkInteger("limit", limit, 0);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = gunzipStream(bytes).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > limit) throw new FormatError(file, tooLong(limit));
      parts.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(file, `expected a whole gzip file, got other bytes (${reason}).`);
  }
  const content = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return content;
}

/** What a file that expands too far is told. */
export function tooLong(limit: number): string {
  return `expected at most ${limit} bytes inside, got more.`;
}

/** The content of a gzip file, piece by piece. */
export function gunzipStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return streamOf(bytes).pipeThrough(new DecompressionStream("gzip"));
}

/** The bytes in pieces, without copying them. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(offset, offset + pieceSize) as Uint8Array<ArrayBuffer>);
      offset += pieceSize;
    },
  });
}
