import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChecksumError } from "../../src/errors.ts";
import { httpSource } from "../../src/sources/http.ts";
import { backOff, retryAfter } from "../../src/sources/retry.ts";
import type { DataFiles, SourceContext } from "../../src/sources/source.ts";
import { recorder, serve, sha256, tinyManifest } from "../fixtures.ts";

beforeEach(() => {
  for (const name of ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]) vi.stubEnv(name, "");
});
afterEach(() => vi.unstubAllEnvs());

const body = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251));
const other = Buffer.from(body).fill(9, 50_000);

interface Asked {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** A server that answers each request by the next function; the last one stays. */
async function server(
  ...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const url = await serve((request, response) => {
    const { range, "if-range": ifRange } = request.headers;
    asked.push({ range, ifRange: ifRange as string | undefined });
    answers[Math.min(asked.length, answers.length) - 1]!(request, response);
  });
  return { url, asked };
}

/** Sends `count` bytes of a body that it announced in full, and breaks the connection. */
const breakAfter =
  (count: number, headers: Record<string, string> = {}, from = 0) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    const length = body.length - from;
    const range = { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": length,
      ...(from > 0 ? range : {}),
      ...headers,
    });
    response.write(body.subarray(from, from + count), () =>
      setTimeout(() => response.destroy(), 50),
    );
  };

/** The part that was asked for. */
const ranged =
  (content: Buffer = body) =>
  ({ headers: { range } }: IncomingMessage, response: ServerResponse): void => {
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const contentRange = `bytes ${from}-${content.length - 1}/${content.length}`;
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { "content-range": contentRange } : {});
    response.end(content.subarray(from));
  };

const whole = (_: IncomingMessage, response: ServerResponse): void => void response.end(body);

const busy =
  (status: number, retry = "0") =>
  (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, retry === "" ? {} : { "retry-after": retry }).end("busy");

function load(url: string, changes: Partial<SourceContext> = {}): Promise<DataFiles> {
  const { signal } = new AbortController();
  const context = { manifest: tinyManifest, timeout: 5000, signal, report: () => undefined };
  return httpSource({
    name: "it",
    url,
    expected: { bytes: body.length, sha256: sha256(body) },
    read: async (bytes) => new Map([["all", bytes]]),
  }).load({ ...context, ...changes });
}

describe("a connection that breaks", () => {
  test("is taken up where it broke, of the same version of the file", async () => {
    const { url, asked } = await server(breakAfter(60_000, { etag: '"v1"' }), ranged());
    const { events, onProgress } = recorder();
    expect(sha256((await load(url, { report: onProgress })).get("all")!)).toBe(sha256(body));
    expect(asked).toEqual([
      { range: undefined, ifRange: undefined },
      { range: "bytes=60000-", ifRange: '"v1"' },
    ]);
    expect(events.find(({ event }) => event === "warning")!.message).toBe(
      "cifar10: it: the connection broke after 0.1 of 0.1 MB; trying again in 0.5 s (2 of 5)",
    );
  });

  test("twice, with a weak ETag and a date: the date goes into If-Range", async () => {
    const date = "Wed, 21 Oct 2015 07:28:00 GMT";
    const { url, asked } = await server(
      breakAfter(10_000, { etag: 'W/"v1"', "last-modified": date }),
      breakAfter(10_000, {}, 10_000),
      ranged(),
    );
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
    expect(asked.slice(1)).toEqual([
      { range: "bytes=10000-", ifRange: date },
      { range: "bytes=20000-", ifRange: date },
    ]);
  });

  test("a server that knows no ranges sends all again", async () => {
    const { url } = await server(breakAfter(60_000), whole);
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
  });

  test("parts of two files: the whole file is fetched anew", async () => {
    const { url, asked } = await server(breakAfter(20_000), ranged(other), whole);
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
    expect(asked.map(({ range }) => range)).toEqual([undefined, "bytes=20000-", undefined]);
  });

  test.each([
    ["another part", "bytes 5-99999/100000"],
    ["a part of a larger file", "bytes 20000-99999/200000"],
    ["a part of something", "bananas"],
  ])("%s is not taken for the right one", async (_, contentRange) => {
    const { url, asked } = await server(
      breakAfter(20_000),
      (_request, response) => {
        response.writeHead(206, { "content-range": contentRange }).end(body.subarray(20_000));
      },
      whole,
    );
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
    expect(asked[2]).toEqual({ range: undefined, ifRange: undefined });
  });

  test("a range that does not exist any more: from the beginning", async () => {
    const { url, asked } = await server(breakAfter(20_000), busy(416), whole);
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
    expect(asked[2]!.range).toBeUndefined();
  });

  test("again and again: it is passed over", async () => {
    const { url, asked } = await server(breakAfter(0));
    await expect(load(url)).rejects.toThrow(
      "the connection broke after 0.0 of 0.1 MB (tried 5 times)",
    );
    expect(asked).toHaveLength(5);
  }, 20_000);

  test("a body that the server calls complete is not asked for again", async () => {
    const { url, asked } = await server((_, response) => response.end(body.subarray(0, 1000)));
    await expect(load(url)).rejects.toBeInstanceOf(ChecksumError);
    expect(asked).toHaveLength(1);
  });
});

describe("a server that is busy", () => {
  test.each([429, 500, 502, 503, 504, 408])("status %i is asked again", async (status) => {
    const { url, asked } = await server(busy(status), busy(status), whole);
    expect(sha256((await load(url)).get("all")!)).toBe(sha256(body));
    expect(asked).toHaveLength(3);
  });

  test("for long: it is passed over with its status", async () => {
    const { url, asked } = await server(busy(503));
    await expect(load(url)).rejects.toThrow("HTTP status 503 (tried 5 times)");
    expect(asked).toHaveLength(5);
  });

  test("that asks to wait long is passed over at once", async () => {
    const { url, asked } = await server(busy(429, "3600"));
    await expect(load(url)).rejects.toThrow("HTTP status 429, and asks to wait 3600 s");
    expect(asked).toHaveLength(1);
  });

  test("that asks to wait long, in an answer without an end: its connection is closed", async () => {
    const closed = vi.fn();
    const { url } = await server((_, response) => {
      response.on("close", closed);
      response.writeHead(503, { "retry-after": "3600" }).write("busy");
    });
    await expect(load(url)).rejects.toThrow("HTTP status 503, and asks to wait 3600 s");
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
  });

  test("Retry-After is seconds or a date; back-off doubles", () => {
    expect(retryAfter("7")).toBe(7000);
    expect(retryAfter(new Date(Date.now() + 9000).toUTCString())).toBeGreaterThan(7000);
    expect(retryAfter("Wed, 21 Oct 2015 07:28:00 GMT")).toBe(0);
    expect(retryAfter("soon")).toBeUndefined();
    expect(retryAfter(null)).toBeUndefined();
    expect([2, 3, 4, 5].map(backOff)).toEqual([500, 1000, 2000, 4000]);
  });

  test("aborting ends the wait", async () => {
    const controller = new AbortController();
    const { url, asked } = await server(busy(503, "50"));
    const report = (): void => controller.abort(new Error("enough"));
    await expect(load(url, { signal: controller.signal, report })).rejects.toThrow("enough");
    expect(asked).toHaveLength(1);
  });
});

test("a byte now and then is too slow", async () => {
  const { url } = await server((_, response) => {
    response.writeHead(200, { "content-length": body.length });
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  });
  await expect(load(url, { timeout: 200 })).rejects.toThrow(
    "less than 10 kB/s for 0.6 s after 0.0 of 0.1 MB",
  );
});
