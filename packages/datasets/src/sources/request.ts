import { nodeParts } from "../environment.ts";
import { SourceError } from "../errors.ts";
import { Interruption, isBusy, longestWait, retryAfter } from "./retry.ts";
import { seconds } from "./stall.ts";

/** The beginning of an answer, and its body to come. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
}

/** An answer before its status is looked at. */
export interface RawAnswer extends Omit<Answer, "body"> {
  readonly body: ReadableStream<Uint8Array> | null;
  /** Address after all redirects. */
  readonly url: string;
}

/** Failures of a connection that was there. */
const broken: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);

const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host is not found",
  EAI_AGAIN: "the host is not found at the moment",
  ECONNREFUSED: "nothing answers at the address",
  ECONNRESET: "it was closed",
  UND_ERR_SOCKET: "it was closed",
  UND_ERR_CONNECT_TIMEOUT: "nothing answers at the address",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate of the server is another host's",
  CERT_HAS_EXPIRED: "the certificate of the server has expired",
};

/** Of certificates that nobody whom Node trusts has signed. */
const untrusted = /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/;

function meaningOf(cause: string): string {
  if (!untrusted.test(cause)) return meanings[cause] ?? cause;
  return (
    `the certificate of the server is not trusted (${cause}); if a proxy of your network puts in its own, ` +
    `name the file of its authority in NODE_EXTRA_CA_CERTS`
  );
}

/**
 * Asks for a file, through the proxy that the environment names for it.
 *
 * @param again whether an earlier connection worked, so that no failure is final
 * @throws Interruption when asking again may help
 * @throws SourceError when it does not
 */
export async function request(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  again: boolean,
): Promise<Answer> {
  let answer: RawAnswer;
  try {
    answer = await send(url, headers, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceError) throw error;
    const cause = causeOf(error);
    const message = `no connection: ${meaningOf(cause)}`;
    if (again || broken.has(cause)) throw new Interruption(message);
    throw new SourceError(message, { cause: error });
  }
  const problem = problemOf(answer, url, again);
  if (problem !== undefined) {
    await answer.body?.cancel().catch(() => undefined);
    throw problem;
  }
  return { status: answer.status, headers: answer.headers, body: answer.body! };
}

function problemOf(answer: RawAnswer, url: string, again: boolean): Error | undefined {
  const { status } = answer;
  // The range that was asked for does not exist: the file is another one.
  if (status === 416 && again) {
    return new Interruption("HTTP status 416", { afresh: true });
  }
  if (isBusy(status)) {
    const wait = retryAfter(answer.headers.get("retry-after"));
    if (wait !== undefined && wait > longestWait) {
      const asked = seconds(Math.round(wait / 1000) * 1000);
      return new SourceError(`HTTP status ${status}, and asks to wait ${asked}`);
    }
    return new Interruption(`HTTP status ${status}`, { wait });
  }
  if (status !== 200 && status !== 206) return new SourceError(`HTTP status ${status}`);
  if (url.startsWith("https:") && !answer.url.startsWith("https:")) {
    return new SourceError(`redirected to ${answer.url}, which is not https`);
  }
  return answer.body === null ? new SourceError("an answer without a body") : undefined;
}

async function send(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const node = nodeParts();
  if (node) {
    const { proxyFor } = await node.proxy();
    if (proxyFor(url) !== undefined) {
      const { sendThroughProxies } = await node.proxyRequest();
      return sendThroughProxies(url, headers, signal);
    }
  }
  return fetch(url, { signal, headers });
}

/** The code of an error, or else its message. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  for (const level of [error.cause, error]) {
    const { code } = Object(level) as NodeJS.ErrnoException;
    if (typeof code === "string") return code;
  }
  return error.cause instanceof Error ? error.cause.message : error.message;
}
