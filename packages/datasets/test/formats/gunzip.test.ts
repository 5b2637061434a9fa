import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { gunzip } from "../../src/formats/gunzip.ts";

const hello = gzipSync("hello");
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("gunzip: the content, of several members too", async () => {
  expect(text(await gunzip(hello, "a.gz"))).toBe("hello");
  expect(text(await gunzip(Buffer.concat([hello, hello]), "a.gz", 10))).toBe("hellohello");
});

test("gunzip: a bomb is refused as soon as it is too long", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  await expect(gunzip(bomb, "a.gz", 1000)).rejects.toThrow(
    "a.gz: expected at most 1000 bytes inside, got more.",
  );
});

test.each([
  ["a wrong checksum", hello.map((byte, i) => (i === hello.length - 8 ? byte ^ 1 : byte))],
  ["a wrong length", hello.map((byte, i) => (i === hello.length - 4 ? byte ^ 1 : byte))],
  ["half a file", hello.subarray(0, 12)],
  ["other bytes", Uint8Array.of(1, 2, 3)],
  ["nothing", new Uint8Array(0)],
])("gunzip: refuses %s", async (_, bytes) => {
  await expect(gunzip(bytes, "a.gz")).rejects.toThrow(FormatError);
  await expect(gunzip(bytes, "a.gz")).rejects.toThrow("a.gz: expected a whole gzip file");
});
