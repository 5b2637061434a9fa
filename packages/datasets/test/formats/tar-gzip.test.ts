import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import type { TarEntry } from "modern-tar";
import { describe, expect, test } from "vitest";
import { readTarGzip } from "../../src/formats/tar-gzip.ts";

const file = (name: string, body: string): TarEntry => ({
  header: { name, size: body.length, type: "file" },
  body,
});
const pack = async (entries: TarEntry[]): Promise<Buffer> => gzipSync(await packTar(entries));
const text = (files: Map<string, Uint8Array>): [string, string][] =>
  Array.from(files, ([name, bytes]) => [name, new TextDecoder().decode(bytes)]);
const wanted = new Map([["d/a", 3]]);

describe("readTarGzip", () => {
  test("returns the wanted files and passes over all others", async () => {
    const archive = await pack([
      { header: { name: "d/", size: 0, type: "directory" } },
      file("d/readme", "x".repeat(5000)),
      file("d/a", "abc"),
      file("d/b", "hello"),
      file("../../etc/passwd", "root"),
    ]);
    const files = await readTarGzip(archive, "t.tgz", new Map([...wanted, ["d/b", 5]]));
    expect(text(files)).toEqual([
      ["d/a", "abc"],
      ["d/b", "hello"],
    ]);
  });

  test("reads files larger than its pieces", async () => {
    const body = Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 1_000_003}`).join();
    const archive = await pack([file("skipped", body.slice(0, 900_000)), file("d/a", body)]);
    const files = await readTarGzip(archive, "t.tgz", new Map([["d/a", body.length]]));
    expect(text(files)).toEqual([["d/a", body]]);
  });

  test.each([
    ["a wanted file is missing", [file("d/b", "abc")], "expected a file d/a, got none"],
    ["the name only resembles", [file("./d/a", "abc")], "expected a file d/a, got none"],
    ["a file is too long", [file("d/a", "abcd")], "expected 3 bytes for d/a, got 4"],
    ["a file is too short", [file("d/a", "ab")], "expected 3 bytes for d/a, got 2"],
    [
      "a file comes twice",
      [file("d/a", "abc"), file("d/a", "abc")],
      "expected one file d/a, got two",
    ],
    [
      "the name belongs to a link",
      [{ header: { name: "d/a", size: 0, type: "symlink", linkname: "/etc/passwd" } } as TarEntry],
      "expected a file d/a, got none",
    ],
    [
      "the archive expands too far",
      [file("bomb", "0".repeat(2 << 20))],
      "expected at most 1048579 bytes",
    ],
  ])("refuses when %s", async (_, entries, message) => {
    await expect(readTarGzip(await pack(entries), "t.tgz", wanted)).rejects.toThrow(
      `t.tgz: ${message}`,
    );
  });

  test.each(["__proto__", "constructor", "toString"])(
    "a file named %s is only a file",
    async (name) => {
      const archive = await pack([file(name, "evil"), file("d/a", "abc")]);
      expect(text(await readTarGzip(archive, "t.tgz", wanted))).toEqual([["d/a", "abc"]]);
    },
  );

  test("an abort ends it with the signal's reason", async () => {
    const controller = new AbortController();
    const body = Array.from({ length: 400_000 }, (_, i) => `${(i * 7919) % 1_000_003}`).join();
    const archive = await pack([file("d/a", body)]);
    const reading = readTarGzip(
      archive,
      "t.tgz",
      new Map([["d/a", body.length]]),
      controller.signal,
    );
    setTimeout(() => controller.abort(new Error("enough")));
    await expect(reading).rejects.toThrow("enough");
  });

  test("refuses a wrong checksum", async () => {
    const archive = await pack([file("d/a", "abc")]);
    archive[archive.length - 8]! ^= 1;
    await expect(readTarGzip(archive, "t.tgz", wanted)).rejects.toThrow("expected a gzipped tar");
  });

  test("refuses bytes that are no gzip", async () => {
    await expect(readTarGzip(Buffer.from("hello"), "t.tgz", wanted)).rejects.toThrow(
      "t.tgz: expected a gzipped tar archive, got other bytes",
    );
  });

  test("refuses a gzip that is no tar", async () => {
    const archive = gzipSync(Buffer.alloc(2048, 120));
    await expect(readTarGzip(archive, "t.tgz", wanted)).rejects.toThrow("expected a gzipped tar");
  });

  test("refuses a truncated archive", async () => {
    const archive = await pack([file("d/a", "abc"), file("d/b", "x".repeat(9000))]);
    const cut = archive.subarray(0, archive.length - 12);
    await expect(readTarGzip(cut, "t.tgz", wanted)).rejects.toThrow("expected a gzipped tar");
  });
});
