import { gzipSync } from "node:zlib";
import { assert, oneof, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { gunzip } from "../../src/formats/gunzip.ts";
import { parseIdx } from "../../src/formats/idx.ts";

const two = Uint8Array.from([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]);

describe("parseIdx", () => {
  test("reads shape and values", () => {
    expect(parseIdx(two, "a", 2)).toEqual({ shape: [2, 3], values: two.subarray(12) });
  });

  test("reads a part of a larger buffer", () => {
    const larger = new Uint8Array(40);
    larger.set(two, 7);
    expect([...parseIdx(larger.subarray(7, 25), "a", 2).values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    ["another file", Uint8Array.from([1, ...two.subarray(1)]), "a: expected an IDX file, got 18"],
    ["a file of four bytes", two.subarray(0, 4), "a: expected an IDX file, got 4 other bytes."],
    ["floats", two.with(2, 13), "expected type 8 (bytes) and 2 dimensions, got type 13"],
    ["other dimensions", two.with(3, 1), "got type 8 and 1 dimensions."],
    ["a short file", two.subarray(0, 17), "expected 6 values for the shape [2, 3], got 5."],
    ["a long file", Uint8Array.from([...two, 7]), "expected 6 values for the shape [2, 3], got 7."],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseIdx(bytes, "a", 2)).toThrow(message);
  });

  test("any bytes give an array that fits its shape, or a FormatError", () => {
    const outcome = (bytes: Uint8Array): unknown => {
      try {
        const { shape, values } = parseIdx(bytes, "a", 2);
        return values.length === shape[0]! * shape[1]!;
      } catch (error) {
        return error instanceof FormatError;
      }
    };
    const headed = uint8Array({ maxLength: 40 }).map((bytes) => {
      bytes.set([0, 0, 8, 2].slice(0, bytes.length));
      return bytes;
    });
    assert(
      property(oneof(headed, uint8Array({ maxLength: 40 })), (bytes) => outcome(bytes) === true),
    );
  });
});

describe("gunzip", () => {
  test("gives back what was packed", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * i);
    expect(Buffer.compare(await gunzip(gzipSync(bytes), "a.gz"), bytes)).toBe(0);
  });

  test.each([
    ["a truncated file", gzipSync(new Uint8Array(1000)).subarray(0, -9)],
    ["other bytes", Uint8Array.of(1, 2, 3)],
    ["nothing", new Uint8Array(0)],
  ])("refuses %s", async (_, bytes) => {
    await expect(gunzip(bytes, "a.gz")).rejects.toThrow("a.gz: expected a whole gzip file, got");
  });
});
