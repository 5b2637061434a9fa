import { readFileSync } from "node:fs";
import { encode as encodePng } from "fast-png";
import { assert, constantFrom, integer, property, tuple } from "fast-check";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { decodeImage } from "../../src/formats/image-file.ts";
import { imageHeader } from "../../src/formats/image-header.ts";

// Made by tools/goldens/image_goldens.py with Pillow.
const { shape, cases } = JSON.parse(
  readFileSync(new URL("fixtures/images.json", import.meta.url), "utf8"),
) as {
  shape: [number, number];
  cases: { name: string; file: string; rgb: string; grey: string }[];
};
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const fileOf = (name: string): Uint8Array => bytesOf(cases.find((one) => one.name === name)!.file);

describe("decodeImage", () => {
  test.each(cases)("Pillow's pixels: $name", ({ name, file, rgb, grey }) => {
    // JPEG leaves the last bits of its transform to the decoder.
    const tolerance = name.startsWith("jpeg") ? 3 : 0;
    const bytes = bytesOf(file);
    expect(imageHeader(bytes)).toMatchObject({ height: shape[0], width: shape[1] });
    for (const [channels, truth] of [
      [3, bytesOf(rgb)],
      [1, bytesOf(grey)],
    ] as const) {
      const image = decodeImage(bytes, "a", channels);
      expect(image.shape).toEqual([...shape, channels]);
      expect(image.pixels).toHaveLength(truth.length);
      const distances = truth.map((value, i) => Math.abs(value - image.pixels[i]!));
      expect(Math.max(...distances)).toBeLessThanOrEqual(tolerance);
    }
  });

  test("the content counts, a part of a larger buffer too", () => {
    const larger = Buffer.concat([Buffer.alloc(5), fileOf("png, rgb"), Buffer.alloc(3)]);
    const image = decodeImage(larger.subarray(5, -3), "photo.jpg", 3);
    expect(image).toEqual(decodeImage(fileOf("png, rgb"), "photo.png", 3));
  });

  test.each([
    ["text", new TextEncoder().encode("hello"), "a: expected a PNG or JPEG, got 5 other bytes."],
    ["nothing", new Uint8Array(0), "a: expected a PNG or JPEG, got 0 other bytes."],
    ["a truncated PNG", fileOf("png, rgb").slice(0, 70), "a: expected a whole PNG, got a damaged"],
    ["an altered PNG", fileOf("png, rgb").with(60, 7), "a: expected a whole PNG, got a damaged"],
    ["half a JPEG", fileOf("jpeg, rgb").slice(0, -200), "a: expected a whole JPEG, got a damaged"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeImage(bytes, "a", 3)).toThrow(FormatError);
    expect(() => decodeImage(bytes, "a", 3)).toThrow(message);
  });

  test("a false header asks for no memory", () => {
    const bytes = fileOf("png, rgb");
    new DataView(bytes.buffer).setUint32(16, 0x7fffffff);
    expect(() => decodeImage(bytes, "a", 3)).toThrow("a: expected 1 to 100000000 pixels, got 10x");
  });

  test("a cut or altered file gives an image of the size in its header, or a FormatError", () => {
    const outcome = (bytes: Uint8Array): boolean => {
      try {
        const image = decodeImage(bytes, "a", 3);
        return image.pixels.length === image.shape[0] * image.shape[1] * 3;
      } catch (error) {
        return error instanceof FormatError && !/\p{Cc}/u.test(error.message);
      }
    };
    const file = constantFrom(...cases.map((one) => bytesOf(one.file)));
    const change = tuple(file, integer({ min: 0, max: 999 }), integer({ min: 0, max: 255 }));
    assert(
      property(change, ([bytes, at, value]) => {
        const altered = bytes.with(at % bytes.length, value);
        return outcome(altered) && outcome(bytes.subarray(0, at % bytes.length));
      }),
      { numRuns: 300 },
    );
  });
});

describe("imageHeader", () => {
  test("finds the size of a JPEG behind other segments", () => {
    const image = { width: 30, height: 20, data: Buffer.alloc(30 * 20 * 4) };
    const plain = jpeg.encode(image, 50).data;
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x40, 0x00]), Buffer.alloc(0x3ffe)]);
    const bytes = Buffer.concat([plain.subarray(0, 2), comment, plain.subarray(2)]);
    expect(imageHeader(bytes)).toEqual({
      kind: "jpeg",
      height: 20,
      width: 30,
      orientation: 1,
    });
    expect(imageHeader(bytes.subarray(0, 1000))).toBeUndefined();
  });

  test("of a PNG it needs 24 bytes", () => {
    const png = encodePng({ width: 3, height: 2, channels: 1, data: new Uint8Array(6) });
    expect(imageHeader(png.subarray(0, 24))).toEqual({
      kind: "png",
      height: 2,
      width: 3,
      orientation: 1,
    });
    expect(imageHeader(png.subarray(0, 23))).toBeUndefined();
  });
});
