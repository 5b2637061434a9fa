import { beforeAll, describe, expect, test, vi } from "vitest";
import type { SourceContext } from "../../src/sources/source.ts";
import {
  recorder,
  serve,
  sha256,
  tarGzip,
  tinyFiles,
  tinyHttpSource,
  tinyManifest,
} from "../fixtures.ts";

let archive: Buffer;
beforeAll(async () => {
  archive = await tarGzip(tinyFiles);
});

function context(changes: Partial<SourceContext> = {}): SourceContext {
  const { signal } = new AbortController();
  return { manifest: tinyManifest, timeout: 5000, signal, report: () => undefined, ...changes };
}

describe("httpSource", () => {
  test("downloads, verifies and unpacks", async () => {
    const url = await serve((_, response) => response.end(archive));
    const { events, onProgress } = recorder();
    const files = await tinyHttpSource("it", url, archive).load(context({ report: onProgress }));
    expect([...files.keys()]).toEqual([...tinyFiles.keys()]);
    for (const [name, bytes] of files) expect(sha256(bytes)).toBe(sha256(tinyFiles.get(name)!));
    expect(events.at(-2)).toMatchObject({
      event: "download",
      receivedBytes: archive.length,
      totalBytes: archive.length,
    });
    expect(events.at(-1)).toMatchObject({ event: "verify", bytes: archive.length });
  });

  test("names expected and actual hash and length of an altered body", async () => {
    const altered = Buffer.from(archive);
    altered[altered.length >> 1]! ^= 1;
    const url = await serve((_, response) => response.end(altered));
    await expect(tinyHttpSource("it", url, archive).load(context())).rejects.toThrow(
      `${url}: expected ${archive.length} bytes with SHA-256 ${sha256(archive)}, ` +
        `got ${archive.length} bytes with SHA-256 ${sha256(altered)}. ` +
        "The file is altered; none of it was used.",
    );
  });

  test("names both lengths of a body that is shorter than it should be", async () => {
    const half = archive.subarray(0, archive.length >> 1);
    const url = await serve((_, response) => response.end(half));
    await expect(tinyHttpSource("it", url, archive).load(context())).rejects.toThrow(
      `got ${half.length} bytes with SHA-256 ${sha256(half)}. The file is truncated`,
    );
  });

  test("stops at a body that is too long", async () => {
    let sent = 0;
    const url = await serve((_, response) => {
      const send = (): void => {
        sent++;
        if (!response.destroyed && sent < 10_000) response.write(Buffer.alloc(65536), send);
      };
      send();
    });
    await expect(tinyHttpSource("it", url, archive).load(context())).rejects.toThrow("is too long");
    expect(sent).toBeLessThan(10_000);
  });

  test.each([404, 403, 501])("names HTTP status %i, and does not ask again", async (status) => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.writeHead(status).end("no");
    });
    await expect(tinyHttpSource("it", url, archive).load(context())).rejects.toThrow(
      `HTTP status ${status}`,
    );
    expect(asked).toBe(1);
  });

  test("names the reason when nothing listens", async () => {
    const url = "http://127.0.0.1:1/archive.tar.gz";
    await expect(tinyHttpSource("it", url, archive).load(context())).rejects.toThrow(
      /^no connection: /,
    );
  });

  test("gives up on a server that never answers", async () => {
    const url = await serve(() => undefined);
    await expect(
      tinyHttpSource("it", url, archive).load(context({ timeout: 100 })),
    ).rejects.toThrow("no answer within 0.1 s");
  });

  test("gives up on a server that stops in the middle", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100));
    });
    await expect(
      tinyHttpSource("it", url, archive).load(context({ timeout: 200 })),
    ).rejects.toThrow("no data for 0.2 s after 0.0 of 0.0 MB (tried 2 times)");
  });

  test("a slow download that never stalls is not cut off", async () => {
    const url = await serve(async (_, response) => {
      const step = Math.ceil(archive.length / 6);
      for (let i = 0; i < archive.length; i += step) {
        response.write(archive.subarray(i, i + step));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      response.end();
    });
    const files = await tinyHttpSource("it", url, archive).load(context({ timeout: 400 }));
    expect(files.size).toBe(3);
  });

  test("aborting ends the request with the signal's reason", async () => {
    const controller = new AbortController();
    let closed = false;
    const url = await serve((_, response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100), () => controller.abort(new Error("enough")));
    });
    await expect(
      tinyHttpSource("it", url, archive).load(context({ signal: controller.signal })),
    ).rejects.toThrow("enough");
    await vi.waitFor(() => expect(closed).toBe(true));
  });
});
