import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { formatCifarBinary, parseCifarBinary } from "../../src/formats/cifar-binary.ts";

/** One record: label 3, red 0..1023 mod 251, green 1, blue 2. */
const record = new Uint8Array(3073);
record[0] = 3;
for (let i = 0; i < 1024; i++) record[1 + i] = i % 251;
record.fill(1, 1025, 2049);
record.fill(2, 2049);

describe("parseCifarBinary", () => {
  test("interleaves the three colour planes", () => {
    const { images, labels } = parseCifarBinary(record, "a.bin", 10);
    expect([...labels]).toEqual([3]);
    expect([...images.subarray(0, 9)]).toEqual([0, 1, 2, 1, 1, 2, 2, 1, 2]);
    expect([...images.subarray(-3)]).toEqual([1023 % 251, 1, 2]);
  });

  test("reads every record", () => {
    const two = new Uint8Array(2 * 3073);
    two.set(record, 3073);
    const { images, labels } = parseCifarBinary(two, "a.bin", 10);
    expect([...labels]).toEqual([0, 3]);
    expect([...images.subarray(3072, 3078)]).toEqual([0, 1, 2, 1, 1, 2]);
  });

  test("is inverted by formatCifarBinary", () => {
    expect(formatCifarBinary(parseCifarBinary(record, "a.bin", 10))).toEqual(record);
  });

  test.each([0, 1, 3072, 3074])("refuses %i bytes", (length) => {
    expect(() => parseCifarBinary(new Uint8Array(length), "a.bin", 10)).toThrow(
      `a.bin: expected records of 3073 bytes, got ${length} bytes in all.`,
    );
  });

  test("refuses a label that is no class", () => {
    const bad = record.slice();
    bad[0] = 10;
    expect(() => parseCifarBinary(bad, "a.bin", 10)).toThrow(
      "a.bin: expected labels below 10, got 10 for image 0.",
    );
    expect(() => parseCifarBinary(bad, "a.bin", 10)).toThrow(FormatError);
  });
});
