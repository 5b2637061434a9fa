import { FormatError } from "../errors.ts";

/**
 * The content of a gzip file, in memory. For verified bytes: the size of the result has no limit.
 *
 * @param file name of the file, for messages
 * @throws FormatError when it is no whole gzip file
 */
export async function gunzip(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(file, `expected a whole gzip file, got other bytes (${reason}).`);
  }
}
