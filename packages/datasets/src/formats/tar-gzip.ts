import { createTarDecoder } from "modern-tar";
import type { ParsedTarEntry } from "modern-tar";
import { checkBytes, checkSignal, checkText, checkThat } from "../check.ts";
import { FormatError } from "../errors.ts";
import { gunzipStream, tooLong } from "./gunzip.ts";

/** Room for headers, padding and small files that nobody asked for. */
const slack = 1 << 20;

/**
 * The named files of a `.tar.gz`, in memory. Everything else in it is passed over, nothing is
 * written, and a name counts only when it matches exactly and belongs to a regular file.
 *
 * @param archive name of the archive, for messages
 * @param wanted exact entry name -> size in bytes
 * @param signal stops it
 * @throws FormatError when a wanted file is missing, comes twice or has another size, when the
 *   archive expands to more than the wanted files plus 1 MiB, or when it is no gzipped tar
 */
export async function readTarGzip(
  bytes: Uint8Array,
  archive: string,
  wanted: ReadonlyMap<string, number>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Map<string, Uint8Array>> {
  checkBytes("bytes", bytes);
  checkText("archive", archive);
  checkThat(isWanted(wanted), "wanted", "a Map of sizes by name", wanted);
  checkSignal(signal);
  const files = new Map<string, Uint8Array>();
  let limit = slack;
  for (const size of wanted.values()) limit += size;
  const entries = gunzipStream(bytes)
    .pipeThrough(limitBytes(limit, archive, signal))
    .pipeThrough(createTarDecoder({ strict: true }))
    .getReader();
  try {
    for (;;) {
      const { done, value } = await entries.read();
      if (done) break;
      await takeEntry(value, archive, wanted, files);
    }
  } catch (error) {
    await entries.cancel().catch(() => undefined);
    signal.throwIfAborted();
    if (error instanceof FormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(archive, `expected a gzipped tar archive, got other bytes (${reason}).`);
  }
  for (const name of wanted.keys()) {
    if (!files.has(name)) throw new FormatError(archive, `expected a file ${name}, got none.`);
  }
  return files;
}

function isWanted(value: unknown): boolean {
  return (
    value instanceof Map &&
    [...value].every(([name, size]) => typeof name === "string" && Number.isSafeInteger(size))
  );
}

async function takeEntry(
  { header, body }: ParsedTarEntry,
  archive: string,
  wanted: ReadonlyMap<string, number>,
  files: Map<string, Uint8Array>,
): Promise<void> {
  const size = wanted.get(header.name);
  if (size === undefined || header.type !== "file") return drain(body);
  if (files.has(header.name)) {
    throw new FormatError(archive, `expected one file ${header.name}, got two.`);
  }
  if (header.size !== size) {
    throw new FormatError(
      archive,
      `expected ${size} bytes for ${header.name}, got ${header.size}.`,
    );
  }
  const data = new Uint8Array(size);
  let offset = 0;
  for await (const chunk of iterate(body)) {
    data.set(chunk, offset);
    offset += chunk.length;
  }
  files.set(header.name, data);
}

/** Reads to the end: the decoder waits for ever when an entry's body is cancelled instead. */
async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
  const chunks = iterate(body);
  while ((await chunks.next()).done !== true);
}

/** `ReadableStream` is not async-iterable in every browser. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function limitBytes(
  limit: number,
  archive: string,
  signal: AbortSignal,
): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  return new TransformStream({
    transform(chunk, controller) {
      signal.throwIfAborted();
      total += chunk.length;
      if (total > limit) {
        throw new FormatError(archive, tooLong(limit));
      }
      controller.enqueue(chunk);
    },
  });
}
