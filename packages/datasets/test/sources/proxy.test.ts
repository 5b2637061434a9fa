import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { httpSource } from "../../src/sources/http.ts";
import { proxyFor } from "../../src/sources/proxy.ts";
import type { DataFiles } from "../../src/sources/source.ts";
import { serve, sha256, tinyManifest } from "../fixtures.ts";

beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toUpperCase(), "");
  }
});
afterEach(() => vi.unstubAllEnvs());

describe("proxyFor", () => {
  test.each([
    [{ HTTP_PROXY: "http://p:3128" }, "http://a.org/x", "http://p:3128/"],
    [{ http_proxy: "p:3128", HTTP_PROXY: "http://q" }, "http://a.org/x", "http://p:3128/"],
    [{ HTTP_PROXY: "http://p:3128" }, "https://a.org/x", undefined],
    [{ HTTPS_PROXY: "http://u:w@p:8080" }, "https://a.org/x", "http://u:w@p:8080/"],
    [{ ALL_PROXY: "https://p" }, "https://a.org/x", "https://p/"],
    [{ ALL_PROXY: "https://p", NO_PROXY: "*" }, "https://a.org/x", undefined],
    [{ ALL_PROXY: "http://p", NO_PROXY: "b.org, a.org" }, "https://a.org/x", undefined],
    [{ ALL_PROXY: "http://p", NO_PROXY: ".a.org" }, "https://data.a.org/x", undefined],
    [{ ALL_PROXY: "http://p", NO_PROXY: "*.a.org" }, "https://data.a.org/x", undefined],
    [{ ALL_PROXY: "http://p", NO_PROXY: "a.org" }, "https://nota.org/x", "http://p/"],
    [{ ALL_PROXY: "http://p", no_proxy: "a.org:8080" }, "https://a.org/x", "http://p/"],
    [{ ALL_PROXY: "http://p", no_proxy: "a.org:443" }, "https://a.org/x", undefined],
    [{}, "https://a.org/x", undefined],
  ])("%j, %s", (environment, address, expected) => {
    expect(proxyFor(address, environment)?.href).toBe(expected);
  });

  test.each([
    ["socks5://u:secret@p:1080", "got one of socks5://"],
    ["http://[bad", "got no address"],
  ])("%s is refused by name, without its password", (proxy, message) => {
    const ask = (): unknown => proxyFor("https://a.org", { HTTPS_PROXY: proxy });
    expect(ask).toThrow(`https_proxy: expected the address of an HTTP proxy, ${message}`);
    expect(ask).not.toThrow(/secret/);
  });
});

const body = Buffer.from("the data");

function load(url: string): Promise<DataFiles> {
  return httpSource({
    name: "it",
    url,
    expected: { bytes: body.length, sha256: sha256(body) },
    read: async (bytes) => new Map([["all", bytes]]),
  }).load({
    manifest: tinyManifest,
    timeout: 5000,
    signal: new AbortController().signal,
    report: () => undefined,
  });
}

describe("a proxy for http", () => {
  test("is asked in full, with its credentials, for hosts that only it knows", async () => {
    const asked: unknown[] = [];
    const proxy = await serve((request, response) => {
      asked.push([request.url, request.headers.host, request.headers["proxy-authorization"]]);
      response.end(body);
    });
    vi.stubEnv("HTTP_PROXY", proxy.replace("http://", "http://user:p%40ss@"));
    const files = await load("http://data.invalid/file");
    expect(Buffer.from(files.get("all")!).toString()).toBe("the data");
    const credentials = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(asked).toEqual([["http://data.invalid/file", "data.invalid", credentials]]);
  });

  test("redirects go through it too", async () => {
    const proxy = await serve((request, response) => {
      if (request.url === "http://data.invalid/file") {
        response.writeHead(302, { location: "http://other.invalid/x" }).end();
      } else response.writeHead(request.url === "http://other.invalid/x" ? 200 : 404).end(body);
    });
    vi.stubEnv("HTTP_PROXY", proxy);
    expect((await load("http://data.invalid/file")).size).toBe(1);
  });

  test("hosts in NO_PROXY are asked directly", async () => {
    const url = await serve((_, response) => response.end(body));
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1");
    await expect(load(url)).rejects.toThrow("no connection to the proxy 127.0.0.1:1: ECONNREFUSED");
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    expect((await load(url)).size).toBe(1);
  });
});

const portOf = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};
const closed = (server: Server): Promise<unknown> =>
  new Promise((resolve) => server.close(resolve));

describe("a proxy for https", () => {
  test("brings the host's bytes through a tunnel, with credentials for the proxy alone", async () => {
    // Made with openssl req -x509 -newkey ec for the name data.invalid; nobody trusts it.
    const pem = (name: string): Buffer =>
      readFileSync(new URL(`fixtures/data.invalid.${name}.pem`, import.meta.url));
    const [asked, seen]: [unknown[], unknown[]] = [[], []];
    const host = createSecureServer({ key: pem("key"), cert: pem("cert") }, (request, response) => {
      seen.push([request.headers.host, request.headers["proxy-authorization"], request.url]);
      response.end(body);
    });
    const hostPort = await portOf(host);
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push([request.url, request.headers["proxy-authorization"]]);
      const toHost = connect(hostPort, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        toHost.pipe(socket).pipe(toHost);
      });
      toHost.on("close", () => socket.destroy());
    });
    vi.stubEnv("HTTPS_PROXY", `http://user:p%40ss@127.0.0.1:${await portOf(proxy)}`);
    await expect(load("https://data.invalid/file")).rejects.toThrow("DEPTH_ZERO_SELF_SIGNED_CERT");
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const files = await load("https://data.invalid/file");
    expect(Buffer.from(files.get("all")!).toString()).toBe("the data");
    const credentials = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(asked[1]).toEqual(["data.invalid:443", credentials]);
    expect(seen).toEqual([["data.invalid", undefined, "/file"]]);
    await Promise.all([host, proxy].map(closed));
  });

  test("that refuses a tunnel is named", async () => {
    const asked: unknown[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      asked.push(request.url);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    const port = await portOf(proxy);
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
    await expect(load("https://data.invalid/file")).rejects.toThrow(
      `the proxy 127.0.0.1:${port} answers 407 for data.invalid:443`,
    );
    expect(asked).toEqual(["data.invalid:443"]);
    await closed(proxy);
  });
});
