import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterEach } from "vitest";
import type { DatasetEvent } from "../src/events.ts";
import { readTarGzip } from "../src/formats/tar-gzip.ts";
import { httpSource } from "../src/sources/http.ts";
import type { DataFiles, Manifest, Source } from "../src/sources/source.ts";

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** `count` CIFAR records whose pixels are `first + image + plane`, labels `image mod 10`. */
function cifarBytes(count: number, first: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let n = 0; n < count; n++) {
    bytes[n * 3073] = n % 10;
    for (let plane = 0; plane < 3; plane++) {
      bytes.fill(first + n + plane, n * 3073 + 1 + plane * 1024, n * 3073 + 1025 + plane * 1024);
    }
  }
  return bytes;
}

export const tinyFiles: DataFiles = new Map([
  ["data_batch_1.bin", cifarBytes(12, 0)],
  ["data_batch_2.bin", cifarBytes(8, 100)],
  ["test_batch.bin", cifarBytes(5, 200)],
]);

export function manifestOf(files: DataFiles): Manifest {
  return {
    dataset: "cifar10",
    files: Array.from(files, ([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
    })),
  };
}

export const tinyManifest: Manifest = manifestOf(tinyFiles);

export async function tarGzip(files: DataFiles, folder = "cifar-10-batches-bin"): Promise<Buffer> {
  const entries = Array.from(files, ([name, bytes]) => ({
    header: { name: `${folder}/${name}`, size: bytes.length, type: "file" as const },
    body: bytes,
  }));
  return gzipSync(await packTar(entries));
}

/** Reads what `tarGzip` wrote. */
export async function readTiny(archive: Uint8Array): Promise<DataFiles> {
  const wanted = tinyManifest.files.map(({ name, bytes }): [string, number] => [
    `cifar-10-batches-bin/${name}`,
    bytes,
  ]);
  const files = await readTarGzip(archive, "tiny.tar.gz", new Map(wanted));
  return new Map(Array.from(files, ([name, bytes]) => [name.split("/")[1]!, bytes]));
}

/** An HTTP source of the tiny archive that expects exactly `archive`. */
export function tinyHttpSource(name: string, url: string, archive: Uint8Array): Source {
  const expected = { bytes: archive.length, sha256: sha256(archive) };
  return httpSource({ name, url, expected, read: readTiny });
}

const servers: Server[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The address of a server on this machine that lives until the end of the test. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.tar.gz`;
}

/** A folder that lives until the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `bn-only-test-${randomUUID().slice(0, 8)}-`));
  folders.push(folder);
  return folder;
}

/** Collects events. */
export function recorder(): { events: DatasetEvent[]; onProgress: (event: DatasetEvent) => void } {
  const events: DatasetEvent[] = [];
  return { events, onProgress: (event) => events.push(event) };
}
