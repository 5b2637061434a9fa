import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { directorySource } from "../../src/sources/directory.ts";
import type { DataFiles, Source, SourceContext } from "../../src/sources/source.ts";
import {
  readTiny,
  sha256,
  tarGzip,
  temporaryFolder,
  tinyFiles,
  tinyManifest,
} from "../fixtures.ts";

const context: SourceContext = {
  manifest: tinyManifest,
  timeout: 1000,
  signal: new AbortController().signal,
  report: () => undefined,
};

async function source(path: string): Promise<{ archive: Buffer; source: Source }> {
  const archive = await tarGzip(tinyFiles);
  const expected = { bytes: archive.length, sha256: sha256(archive) };
  return {
    archive,
    source: directorySource({
      name: "it",
      path,
      folder: "cifar-10-batches-bin",
      archive: { name: "tiny.tar.gz", ...expected, read: readTiny },
    }),
  };
}

async function write(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of tinyFiles) await writeFile(join(folder, name), bytes);
}

const digests = (files: DataFiles): Record<string, string> =>
  Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)]));

describe("directorySource", () => {
  test("reads the extracted files", async () => {
    const folder = await temporaryFolder();
    await write(folder);
    expect(digests(await (await source(folder)).source.load(context))).toEqual(digests(tinyFiles));
  });

  test("reads them from the folder that the archive makes", async () => {
    const folder = await temporaryFolder();
    await write(join(folder, "cifar-10-batches-bin"));
    expect(digests(await (await source(folder)).source.load(context))).toEqual(digests(tinyFiles));
  });

  test("reads the archive, and writes nothing", async () => {
    const folder = await temporaryFolder();
    const { archive, source: it } = await source(folder);
    await writeFile(join(folder, "tiny.tar.gz"), archive);
    expect(digests(await it.load(context))).toEqual(digests(tinyFiles));
    expect(await readdir(folder)).toEqual(["tiny.tar.gz"]);
  });

  test("a truncated archive: the error names expected and actual hash and length", async () => {
    const folder = await temporaryFolder();
    const { archive, source: it } = await source(folder);
    const cut = archive.subarray(0, 500);
    await writeFile(join(folder, "tiny.tar.gz"), cut);
    await expect(it.load(context)).rejects.toThrow(
      `expected ${archive.length} bytes with SHA-256 ${sha256(archive)}, ` +
        `got 500 bytes with SHA-256 ${sha256(cut)}. The file is truncated`,
    );
  });

  test("an altered archive: the error names both hashes", async () => {
    const folder = await temporaryFolder();
    const { archive, source: it } = await source(folder);
    const altered = Buffer.from(archive);
    altered[altered.length >> 1]! ^= 1;
    await writeFile(join(folder, "tiny.tar.gz"), altered);
    await expect(it.load(context)).rejects.toThrow(
      `SHA-256 ${sha256(archive)}, got ${archive.length} bytes with SHA-256 ${sha256(altered)}. ` +
        "The file is altered",
    );
  });

  test("a file far too large is refused without reading it", async () => {
    const folder = await temporaryFolder();
    const { archive, source: it } = await source(folder);
    await writeFile(join(folder, "tiny.tar.gz"), Buffer.alloc(3 * archive.length));
    await expect(it.load(context)).rejects.toThrow("(not computed)");
  });

  test("an empty folder: the error names what was looked for", async () => {
    const folder = await temporaryFolder();
    await expect((await source(folder)).source.load(context)).rejects.toThrow(
      `it: expected data_batch_1.bin or tiny.tar.gz in it, but it is empty.`,
    );
  });
});
