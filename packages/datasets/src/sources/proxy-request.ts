import { request as requestHttp } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Duplex } from "node:stream";
import { SourceError } from "../errors.ts";
import { addressOf, proxyFor } from "./proxy.ts";
import type { RawAnswer } from "./request.ts";

const mostRedirects = 10;

interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * As `fetch`, through the proxies that the environment names: one of `http:` is asked in full, `https:`
 * goes through a tunnel (`CONNECT`). Node's own `fetch` knows no proxy before version 24.
 */
export async function sendThroughProxies(
  address: string,
  headers: Sending["headers"],
  signal: AbortSignal,
): Promise<RawAnswer> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const message = await send(url, { headers, signal });
    const { statusCode: status = 0 } = message;
    const { location } = message.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      return {
        status,
        url: url.href,
        headers: new Headers(message.headers as Record<string, string>),
        body: Readable.toWeb(message) as ReadableStream<Uint8Array>,
      };
    }
    message.destroy();
    const next = addressOf(location, url);
    if (next === null || !["http:", "https:"].includes(next.protocol)) {
      throw new SourceError("redirected to something that is no address");
    }
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new SourceError(`redirected to ${next.href}, which is not https`);
    }
    url = next;
  }
  throw new SourceError(`more than ${mostRedirects} redirects`);
}

async function send(url: URL, sending: Sending): Promise<IncomingMessage> {
  const proxy = proxyFor(url.href);
  const host = { ...sending.headers, host: url.host };
  const { signal } = sending;
  if (proxy === undefined) {
    const ask = url.protocol === "https:" ? requestHttps : requestHttp;
    return answerTo(ask(url, { headers: sending.headers, signal }));
  }
  if (url.protocol === "http:") {
    const headers = { ...host, ...authorization(proxy) };
    return answerTo(askProxy(proxy, { path: url.href, headers, signal }), (error) =>
      ofProxy(proxy, error),
    );
  }
  const socket = await tunnel(proxy, url, signal);
  const name = url.hostname.replaceAll(/^\[|\]$/g, "");
  return answerTo(
    requestHttps(url, {
      headers: host,
      defaultPort: 443,
      signal,
      createConnection: () =>
        connectTls({
          socket: socket as Socket,
          host: name,
          ...(isIP(name) === 0 ? { servername: name } : {}),
        }),
    }),
  );
}

/** A connection to the host of an address that the proxy only passes on. */
function tunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Duplex> {
  const target = `${url.hostname}:${url.port || 443}`;
  const headers = { host: target, ...authorization(proxy) };
  const asking = askProxy(proxy, { method: "CONNECT", path: target, headers, signal });
  return new Promise((resolve, reject) => {
    asking.once("error", (error) => reject(ofProxy(proxy, error)));
    asking.once("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new SourceError(`the proxy ${proxy.host} answers ${statusCode} for ${target}`));
    });
    asking.end();
  });
}

interface ProxyRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

function askProxy(proxy: URL, options: ProxyRequest): ClientRequest {
  const ask = proxy.protocol === "https:" ? requestHttps : requestHttp;
  const { hostname, port } = proxy;
  const host = hostname.replaceAll(/^\[|\]$/g, "");
  return ask({ ...options, host, ...(port === "" ? {} : { port }), agent: false });
}

function answerTo(
  asking: ClientRequest,
  describe: (error: Error) => Error = (error) => error,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once("error", (error) => reject(describe(error)));
    asking.once("response", resolve);
    asking.end();
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Which of the two connections failed. */
function ofProxy(proxy: URL, error: Error): Error {
  const { code = error.message } = error as NodeJS.ErrnoException;
  if (error.name === "AbortError") return error;
  return new SourceError(`no connection to the proxy ${proxy.host}: ${code}`);
}
