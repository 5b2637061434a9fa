import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { httpSource } from "../../src/sources/http.ts";
import type { DataFiles } from "../../src/sources/source.ts";
import { sha256, temporaryFolder, tinyManifest } from "../fixtures.ts";

// HTTPS through a proxy: CONNECT, then TLS with the host behind it, whose certificate the test makes. Hosts end in
// .invalid, so that nobody but the proxy can know them.

const missing = spawnSync("openssl", ["version"]).error !== undefined;
const reason = missing ? ", skipped: there is no openssl to make a certificate" : "";
const body = Buffer.from("the data".repeat(10_000));
const tls = process.getBuiltinModule("node:tls");

let key: Buffer;
let cert: Buffer;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (missing) return;
  const folder = await temporaryFolder();
  const files = ["-keyout", join(folder, "key"), "-out", join(folder, "cert")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", "/CN=data.invalid", "-addext", "subjectAltName=DNS:data.invalid"];
  spawnSync("openssl", ["req", "-x509", "-days", "2", ...kind, ...names, ...files]);
  [key, cert] = [readFileSync(join(folder, "key")), readFileSync(join(folder, "cert"))];
});

beforeEach(() => {
  for (const name of ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]) {
    vi.stubEnv(name, "");
    vi.stubEnv(name.toUpperCase(), "");
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** What is behind the proxy: an HTTPS server. */
function target(listener: RequestListener): Promise<number> {
  return listening(createTlsServer({ key, cert }, listener));
}

interface Proxy {
  readonly asked: Pick<IncomingMessage, "url" | "headers">[];
  /** All that went from the client into the tunnel. */
  sent(): Buffer;
}

/** A proxy that leads every tunnel to one port, named by the environment. */
async function proxyTo(port: number, cutAfter = Infinity, credentials = ""): Promise<Proxy> {
  const asked: Proxy["asked"] = [];
  const sent: Buffer[] = [];
  const server = createServer((_, response) => response.writeHead(500).end());
  server.on("connect", ({ url, headers }, client) => {
    asked.push({ url, headers });
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.on("data", (bytes: Buffer) => void sent.push(bytes));
      client.pipe(upstream);
      let passed = 0;
      upstream.on("data", (bytes) => {
        passed += bytes.length;
        client.write(bytes);
        if (passed > cutAfter) client.destroy();
      });
      upstream.on("end", () => client.end());
    });
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    client.on("close", () => upstream.destroy());
  });
  vi.stubEnv("HTTPS_PROXY", `http://${credentials}127.0.0.1:${await listening(server)}`);
  return { asked, sent: () => Buffer.concat(sent) };
}

/** As NODE_EXTRA_CA_CERTS does at the start of a process; certificates are verified all the same. */
function trustOwnCertificate(): void {
  const { createSecureContext } = tls;
  vi.spyOn(tls, "createSecureContext").mockImplementation((options) =>
    createSecureContext({ ...options, ca: cert }),
  );
}

function load(url: string, signal = new AbortController().signal): Promise<DataFiles> {
  return httpSource({
    name: "it",
    url,
    expected: { bytes: body.length, sha256: sha256(body) },
    read: async (bytes) => new Map([["all", bytes]]),
  }).load({ manifest: tinyManifest, timeout: 2000, signal, report: () => undefined });
}

describe.skipIf(missing)(`HTTPS through CONNECT${reason}`, () => {
  test("the file arrives; the proxy sees the host, its credentials and nothing of what is said", async () => {
    trustOwnCertificate();
    const heads: IncomingMessage["headers"][] = [];
    const port = await target(({ headers }, response) => {
      heads.push(headers);
      response.end(body);
    });
    const proxy = await proxyTo(port, Infinity, "user:p%40ss@");
    const files = await load("https://data.invalid/secret-path");
    expect(Buffer.from(files.get("all")!).equals(body)).toBe(true);
    const credentials = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(proxy.asked.map(({ url }) => url)).toEqual(["data.invalid:443"]);
    expect(proxy.asked[0]!.headers["proxy-authorization"]).toBe(credentials);
    expect(heads[0]).toMatchObject({ host: "data.invalid" });
    expect(heads[0]).not.toHaveProperty("proxy-authorization");
    expect(proxy.sent().includes("secret-path")).toBe(false);
  });

  test("another port is asked for, and a redirect to another path gets a tunnel of its own", async () => {
    trustOwnCertificate();
    const port = await target(({ url }, response) => {
      if (url === "/a") response.writeHead(302, { location: "/b" }).end();
      else response.writeHead(url === "/b" ? 200 : 404).end(body);
    });
    const proxy = await proxyTo(port);
    expect((await load("https://data.invalid:8443/a")).size).toBe(1);
    expect(proxy.asked.map(({ url }) => url)).toEqual(["data.invalid:8443", "data.invalid:8443"]);
  });

  test("a certificate that nobody signed is refused, and the request not sent", async () => {
    let requests = 0;
    const port = await target((_, response) => {
      requests++;
      response.end(body);
    });
    await proxyTo(port);
    await expect(load("https://data.invalid/x")).rejects.toThrow(
      /certificate of the server is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA_CERTS/,
    );
    expect(requests).toBe(0);
  });

  test("a certificate of another host is refused, and the request not sent", async () => {
    trustOwnCertificate();
    let requests = 0;
    const port = await target((_, response) => {
      requests++;
      response.end(body);
    });
    await proxyTo(port);
    await expect(load("https://other.invalid/x")).rejects.toThrow(
      "no connection: the certificate of the server is another host's",
    );
    expect(requests).toBe(0);
  });

  test("a redirect from https to http is refused", async () => {
    trustOwnCertificate();
    const location = "http://data.invalid/x";
    await proxyTo(await target((_, response) => response.writeHead(302, { location }).end()));
    await expect(load("https://data.invalid/x")).rejects.toThrow(
      "redirected to http://data.invalid/x, which is not https",
    );
  });

  test("a tunnel that is cut goes on where it was, by a range", async () => {
    trustOwnCertificate();
    const ranges: (string | undefined)[] = [];
    const port = await target(({ headers }, response) => {
      ranges.push(headers.range);
      const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        etag: '"1"',
        "accept-ranges": "bytes",
        "content-length": body.length - from,
        ...(from > 0 && { "content-range": `bytes ${from}-${body.length - 1}/${body.length}` }),
      });
      response.end(body.subarray(from));
    });
    await proxyTo(port, 50_000);
    const files = await load("https://data.invalid/x");
    expect(Buffer.from(files.get("all")!).equals(body)).toBe(true);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-/.test(range ?? ""))).toBe(true);
    expect(ranges.length).toBeGreaterThan(1);
  });

  test("an abort ends the tunnel", async () => {
    trustOwnCertificate();
    const abort = new AbortController();
    let ended = (): void => {};
    const closed = new Promise<void>((resolve) => void (ended = resolve));
    const port = await target((request, response) => {
      request.socket.once("close", ended);
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 1000), () => abort.abort(new Error("enough")));
    });
    await proxyTo(port);
    await expect(load("https://data.invalid/x", abort.signal)).rejects.toThrow("enough");
    await closed;
  });
});
