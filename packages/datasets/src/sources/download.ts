import { ChecksumError, SourceError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";
import { digest } from "./checksum.ts";
import { downloadProgress, megabytes } from "./progress.ts";
import { request } from "./request.ts";
import type { Answer } from "./request.ts";
import { backOff, Interruption } from "./retry.ts";
import type { SourceContext } from "./source.ts";
import { seconds, slowCheck, stallTimer } from "./stall.ts";

/** Tries in a row that bring less than a megabyte, after which a source is passed over. */
const mostTries = 5;

/** A try that brings as much as this is none of them. */
const goodTry = 1_000_000;

/** What has arrived of a file, over several connections. */
interface Partial {
  readonly body: Uint8Array;
  received: number;
  /** ETag or date of the file that was begun. */
  validator: string | undefined;
  /** Whether the bytes come from more than one connection. */
  joined: boolean;
}

/**
 * The body of one file. A connection that breaks is taken up where it broke (`Range`, with `If-Range`
 * where the server named a version), after 0.5, 1, 2 and 4 s; a status of 429 or from 500 on is asked
 * again, after the server's `Retry-After` if it gave one. It gives up at once when nothing answers.
 *
 * @returns as many bytes as came, at most `expected.bytes`, whose SHA-256 is not checked, and whether
 *   they come from more than one connection
 * @throws SourceError when the server refuses, is silent, or is slower than 10 kB/s for three times `timeout`
 * @throws ChecksumError when more than `expected.bytes` come
 */
export async function download(
  url: string,
  name: string,
  expected: FileDigest,
  context: SourceContext,
): Promise<{ body: Uint8Array; joined: boolean }> {
  const partial: Partial = {
    body: new Uint8Array(expected.bytes),
    received: 0,
    validator: undefined,
    joined: false,
  };
  const progress = downloadProgress(context, name, expected.bytes);
  for (let tries = 1; ;) {
    const before = partial.received;
    try {
      await connect(url, expected, partial, context, progress);
      return { body: partial.body.subarray(0, partial.received), joined: partial.joined };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      tries = partial.received - before >= goodTry ? 2 : tries + 1;
      if (tries > Math.min(mostTries, error.tries)) {
        throw new SourceError(`${error.message} (tried ${tries - 1} times)`);
      }
      if (error.afresh) partial.received = 0;
      const wait = error.wait ?? backOff(tries);
      context.report({
        event: "warning",
        dataset: context.manifest.dataset,
        message:
          `${context.manifest.dataset}: ${name}: ${error.message}; ` +
          `trying again in ${seconds(wait)} (${tries} of ${mostTries})`,
      });
      await pause(wait, context.signal);
    }
  }
}

/** One connection. Throws an `Interruption` when another one may help. */
async function connect(
  url: string,
  expected: FileDigest,
  partial: Partial,
  { timeout, signal }: SourceContext,
  progress: (received: number) => void,
): Promise<void> {
  const timer = stallTimer(timeout, signal, () => `no answer within ${seconds(timeout)}`);
  try {
    const answer = await request(url, rangeHeaders(partial), timer.signal, partial.received > 0);
    begin(answer, partial, expected);
    const slow = slowCheck(timeout, partial.received);
    const reader = answer.body.getReader();
    try {
      for (;;) {
        timer.restart(() => `no data for ${seconds(timeout)} after ${share(partial, expected)}`);
        const { done, value } = await reader.read();
        if (done) return;
        await take(value, url, expected, partial);
        progress(partial.received);
        const reason = slow(partial.received);
        if (reason !== undefined) {
          throw new SourceError(`${reason} after ${share(partial, expected)}`);
        }
      }
    } catch (error) {
      await reader.cancel().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (timer.signal.aborted) {
      const { message } = timer.signal.reason as Error;
      // Silence in the middle may be one bad connection; silence from the start is not.
      throw partial.received > 0
        ? new Interruption(message, { tries: 2 })
        : new SourceError(message);
    }
    if (error instanceof ChecksumError || error instanceof SourceError) throw error;
    if (error instanceof Interruption) throw error;
    throw new Interruption(`the connection broke after ${share(partial, expected)}`);
  } finally {
    timer.stop();
  }
}

function rangeHeaders({ received, validator }: Partial): Record<string, string> {
  // A compressed body could not be taken up in its middle.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (received > 0) {
    headers["range"] = `bytes=${received}-`;
    if (validator !== undefined) headers["if-range"] = validator;
  }
  return headers;
}

/** Whether the answer goes on where the last one ended, or begins anew. */
function begin({ status, headers }: Answer, partial: Partial, expected: FileDigest): void {
  const [, from, total] =
    /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  const goesOn = status === 206 && Number(from) === partial.received;
  if (goesOn && (total === "*" || Number(total) === expected.bytes)) {
    partial.joined = true;
    return;
  }
  if (status === 206) {
    throw new Interruption("it sent another part than was asked for", { afresh: true });
  }
  partial.received = 0;
  partial.joined = false;
  const etag = headers.get("etag");
  const strong = etag === null || etag.startsWith("W/") ? undefined : etag;
  partial.validator = strong ?? headers.get("last-modified") ?? undefined;
}

async function take(
  value: Uint8Array,
  url: string,
  expected: FileDigest,
  partial: Partial,
): Promise<void> {
  if (partial.received + value.length > expected.bytes) {
    // The rest of a body that is already too long is not read.
    const bytes = new Uint8Array(partial.received + value.length);
    bytes.set(partial.body.subarray(0, partial.received));
    bytes.set(value, partial.received);
    throw new ChecksumError(url, expected, await digest(bytes));
  }
  partial.body.set(value, partial.received);
  partial.received += value.length;
}

function share({ received }: Partial, { bytes }: FileDigest): string {
  return `${megabytes(received)} of ${megabytes(bytes)} MB`;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const timer = stallTimer(milliseconds, signal, () => "");
  await new Promise<void>((resolve) => {
    timer.signal.addEventListener("abort", () => resolve(), { once: true });
    if (timer.signal.aborted) resolve();
  });
  timer.stop();
  signal.throwIfAborted();
}
