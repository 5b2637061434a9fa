import { gunzipSync, gzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { decodeSafetensors, encodeSafetensors, withChecksum } from "@bn-only/trainer";
import { decode, encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { mutate } from "../src/mutate.ts";
import { randomFrom } from "../src/random.ts";
import { adler32, bomb, deflate } from "../src/structures/deflate.ts";
import { insideGzip, withRightEnd } from "../src/structures/gzip.ts";
import { changeNpyHeader, npy } from "../src/structures/npy.ts";
import { withRightChecksums } from "../src/structures/png.ts";
import { withRightChecksum } from "../src/structures/safetensors.ts";
import { pack, withRightSums, zip } from "../src/structures/zip.ts";
import { parseNpy } from "../../../packages/datasets/src/formats/npy.ts";
import { readZip } from "../../../packages/datasets/src/formats/zip.ts";

const random = randomFrom(1);
const text = new Uint8Array(Buffer.from("a text that is changed"));
const other = new Uint8Array(0);
const last = (bytes: Uint8Array): Uint8Array => bytes.with(bytes.length - 1, 0x21);

describe("deflate", () => {
  test.each([300, 65_535, 65_536, 200_000])("%i bytes, stored and compressed", (size) => {
    const content = Uint8Array.from({ length: size }, (_, i) => i % 253);
    const sizes = new Set<boolean>();
    for (let i = 0; i < 40; i++) {
      const stream = deflate(content, random);
      sizes.add(stream.length < size);
      expect(Buffer.compare(inflateRawSync(stream), content)).toBe(0);
    }
    expect(sizes.size).toBe(2);
    expect(inflateRawSync(deflate(other, random))).toHaveLength(0);
  });

  test("a bomb, and the checksum of zlib", () => {
    expect(inflateRawSync(bomb(1 << 20))).toHaveLength(1 << 20);
    // RFC 1950 by hand: a = 1 + 97 + 98, b = 98 + 196.
    expect(adler32(Uint8Array.of(97, 98))).toBe(294 * 65_536 + 196);
  });
});

test("gzip: a changed content has the checksum that belongs to it", () => {
  const file = new Uint8Array(gzipSync(text));
  const changed = insideGzip([last])(file, random, other);
  expect(gunzipSync(changed).toString()).toBe("a text that is change!");
  const wrong = insideGzip([last])(file, random, other).with(16, 0x42);
  expect(() => gunzipSync(wrong)).toThrow("incorrect data check");
  expect(gunzipSync(withRightEnd(wrong))).toHaveLength(text.length);
});

test("PNG: chunks have the checksums that belong to them", () => {
  const data = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
  const file = new Uint8Array(encode({ width: 2, height: 2, channels: 3, data }));
  const wrong = file.with(19, 1);
  expect(() => decode(wrong, { checkCrc: true })).toThrow(/CRC/);
  expect(decode(withRightChecksums(file), { checkCrc: true }).data).toEqual(data);
  const narrow = withRightChecksums(wrong);
  // The width is 1 now, and the checksum of the header is right.
  expect(narrow.subarray(0, 29)).toEqual(wrong.subarray(0, 29));
  expect(narrow.subarray(29, 33)).not.toEqual(wrong.subarray(29, 33));
  expect(narrow.subarray(33)).toEqual(wrong.subarray(33));
  expect(inflateSync(file.subarray(41, -16))).toHaveLength(14);
});

test("zip: files and their list are whole, and wrong sums are made right", () => {
  const file = zip([pack("a", text), pack("b", text, random)]);
  const wanted = new Map([
    ["a", 100],
    ["b", 100],
  ]);
  expect([...readZip(file, "x", wanted).values()].map((bytes) => Buffer.from(bytes))).toEqual([
    Buffer.from(text),
    Buffer.from(text),
  ]);
  const wrong = file.with(33, 0x21);
  expect(() => readZip(wrong, "x", wanted)).toThrow("whose checksum is wrong");
  expect(readZip(withRightSums(wrong), "x", wanted).get("a")![2]).toBe(0x21);
});

test("npy: headers are as long as they say", () => {
  const file = npy(Uint8Array.of(1, 2, 3));
  expect(parseNpy(file, "x")).toEqual({ shape: [3], values: Uint8Array.of(1, 2, 3) });
  const errors = new Set<string>();
  for (let i = 0; i < 200; i++) {
    try {
      parseNpy(changeNpyHeader(file, random, other), "x");
    } catch (error) {
      errors.add((error as Error).message);
    }
  }
  expect([...errors].join()).not.toContain("cut off");
  expect(errors.size).toBeGreaterThan(8);
});

test("safetensors: a changed file has the checksum that belongs to it", () => {
  const tensors = new Map([["a", { shape: [2], values: Float32Array.of(1, 2) }]]);
  const file = encodeSafetensors(withChecksum({ metadata: new Map([["x", "y"]]), tensors }));
  const changed = decodeSafetensors(withRightChecksum(file.with(file.length - 1, 0x41)));
  expect(changed.tensors.get("a")!.values).toEqual(Float32Array.of(1, 8));
  expect(withChecksum(changed).metadata).toEqual(changed.metadata);
});

test("mutate: seven of eight are repaired, and equal seeds give equal inputs", () => {
  const repair = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes, 0xee, 0xff);
  const inputs = (seed: number): Uint8Array[] => {
    const from = randomFrom(seed);
    return Array.from({ length: 8000 }, () => mutate(text, text, { repair }, from));
  };
  const repaired = inputs(3).filter((bytes) => bytes.at(-2) === 0xee && bytes.at(-1) === 0xff);
  expect(repaired.length / 8000).toBeCloseTo(7 / 8, 1.5);
  expect(inputs(3)).toEqual(inputs(3));
});
