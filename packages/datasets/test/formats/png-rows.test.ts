import { encode } from "fast-png";
import { expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { parsePngRows } from "../../src/formats/png-rows.ts";

const data = Uint8Array.from({ length: 2 * 4 * 3 }, (_, i) => (i * 37) % 256);
const png = encode({ width: 4, height: 2, data, channels: 3, depth: 8 });

test("parsePngRows: the pixels, bit for bit", () => {
  expect(parsePngRows(png, "a.png", 2, 4)).toEqual(data);
});

test("parsePngRows: reads a view into a larger buffer", () => {
  const larger = new Uint8Array(png.length + 10);
  larger.set(png, 5);
  expect(parsePngRows(larger.subarray(5, 5 + png.length), "a.png", 2, 4)).toEqual(data);
});

test.each([
  ["another size", png, 4, 2, "expected a PNG of 2x4 pixels"],
  ["no PNG", new Uint8Array(64), 2, 4, "expected a PNG, got 64 other bytes"],
  ["nothing", new Uint8Array(0), 2, 4, "expected a PNG, got 0 other bytes"],
  ["a truncated file", png.subarray(0, png.length - 20), 2, 4, "expected a whole PNG"],
  [
    "a grey image",
    encode({ width: 4, height: 2, data: data.subarray(0, 8), channels: 1 }),
    2,
    4,
    "colour type 0",
  ],
])("parsePngRows: refuses %s", (_, bytes, count, pixels, message) => {
  expect(() => parsePngRows(bytes, "a.png", count, pixels)).toThrow(message);
  expect(() => parsePngRows(bytes, "a.png", count, pixels)).toThrow(FormatError);
});

test("parsePngRows: refuses a flipped bit in the pixel data", () => {
  const altered = png.slice();
  altered[45]! ^= 1;
  expect(() => parsePngRows(altered, "a.png", 2, 4)).toThrow("a.png: expected a whole PNG");
});

test("parsePngRows: a header that claims a huge image is refused before anything is decoded", () => {
  const huge = png.slice();
  new DataView(huge.buffer).setUint32(16, 0x7fffffff);
  expect(() => parsePngRows(huge, "a.png", 2, 4)).toThrow("got 2147483647x2");
});
