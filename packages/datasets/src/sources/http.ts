import { ChecksumError, SourceError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";
import { digest, verify } from "./checksum.ts";
import { downloadProgress, megabytes, reportVerified } from "./progress.ts";
import type { DataFiles, Source, SourceContext } from "./source.ts";
import { seconds, stallTimer } from "./stall.ts";
import type { StallTimer } from "./stall.ts";

export interface HttpSourceOptions {
  /** Named in messages. */
  readonly name: string;
  readonly url: string;
  /** What the body must be, byte for byte. Checked before `read` sees it. */
  readonly expected: FileDigest;
  /** Turns the verified body into the files of the data set. */
  readonly read: (body: Uint8Array) => Promise<DataFiles>;
}

/** One file over HTTP(S), held in memory. A redirect from https to http is refused. */
export function httpSource({ name, url, expected, read }: HttpSourceOptions): Source {
  return {
    name,
    network: true,
    async load(context: SourceContext): Promise<DataFiles> {
      const body = await download(url, name, expected, context);
      await verify(url, body, expected);
      reportVerified(context, name, expected.bytes);
      return read(body);
    },
  };
}

async function download(
  url: string,
  name: string,
  expected: FileDigest,
  context: SourceContext,
): Promise<Uint8Array> {
  const { timeout } = context;
  const timer = stallTimer(timeout, context.signal, () => `no answer within ${seconds(timeout)}`);
  try {
    const response = await request(url, timer.signal);
    const progress = downloadProgress(context, name, expected.bytes);
    return await readBody(response, url, expected, timer, timeout, progress);
  } finally {
    timer.stop();
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new SourceError(`no connection: ${causeOf(error)}`, { cause: error });
  }
  let refusal: string | undefined;
  if (!response.ok) refusal = `HTTP status ${response.status}`;
  else if (url.startsWith("https:") && !response.url.startsWith("https:")) {
    refusal = `redirected to ${response.url}, which is not https`;
  }
  if (refusal !== undefined) {
    await response.body?.cancel().catch(() => undefined);
    throw new SourceError(refusal);
  }
  return response;
}

async function readBody(
  response: Response,
  url: string,
  expected: FileDigest,
  timer: StallTimer,
  timeout: number,
  progress: (received: number) => void,
): Promise<Uint8Array> {
  const body = new Uint8Array(expected.bytes);
  let received = 0;
  const stalled = (): string =>
    `no data for ${seconds(timeout)} after ${megabytes(received)} of ` +
    `${megabytes(expected.bytes)} MB`;
  if (response.body === null) throw new SourceError("an answer without a body");
  const reader = response.body.getReader();
  try {
    for (;;) {
      timer.restart(stalled);
      const { done, value } = await reader.read();
      if (done) break;
      if (received + value.length > expected.bytes) {
        throw await oversize(url, expected, body.subarray(0, received), value);
      }
      body.set(value, received);
      received += value.length;
      progress(received);
    }
  } catch (error) {
    timer.signal.throwIfAborted();
    if (error instanceof ChecksumError) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
    // The connection ended before the announced length: say what arrived, as for any short file.
    throw new ChecksumError(url, expected, await digest(body.subarray(0, received)));
  }
  return body.subarray(0, received);
}

/** The rest of a body that is already too long is not read. */
async function oversize(
  url: string,
  expected: FileDigest,
  head: Uint8Array,
  tail: Uint8Array,
): Promise<ChecksumError> {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return new ChecksumError(url, expected, await digest(bytes));
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (typeof cause !== "object" || cause === null) return error.message;
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : error.message;
}
