import { crc32, deflateSync } from "node:zlib";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { decodePng } from "../../src/formats/png.ts";

/** A PNG of chunks, each with its checksum. */
function png(...chunks: [type: string, content: Uint8Array][]): Uint8Array {
  const parts = chunks.map(([type, content]) => {
    const chunk = Buffer.alloc(12 + content.length);
    chunk.writeUInt32BE(content.length);
    chunk.write(type, 4, "latin1");
    chunk.set(content, 8);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
    return chunk;
  });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, ...parts]);
}

function header(width: number, height: number, depth: number, colour: number, interlace = 0) {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width);
  content.writeUInt32BE(height, 4);
  content.set([depth, colour, 0, 0, interlace], 8);
  return ["IHDR", content] as [string, Uint8Array];
}

const data = (...raw: number[]): [string, Uint8Array] => [
  "IDAT",
  deflateSync(Uint8Array.from(raw)),
];
const end: [string, Uint8Array] = ["IEND", new Uint8Array(0)];
const pixels = (file: Uint8Array): number[] => [...decodePng(file, "a", 1e6).pixels];

describe("decodePng", () => {
  // Filters as in https://www.w3.org/TR/png-3/#9Filter-types, by hand.
  test.each([
    ["none", [0, 10, 20, 0, 30, 40], [10, 20, 30, 40]],
    ["sub", [1, 10, 20, 1, 30, 250], [10, 30, 30, 24]],
    ["up", [2, 10, 20, 2, 30, 250], [10, 20, 40, 14]],
    ["average", [3, 10, 20, 3, 30, 40], [10, 25, 35, 70]],
    ["paeth", [4, 10, 20, 4, 30, 40], [10, 30, 40, 80]],
  ])("filter %s", (_, raw, expected) => {
    expect(pixels(png(header(2, 2, 8, 0), data(...raw), end))).toEqual(expected);
  });

  test("Adam7, of 1 bit: passes of 1, then 4 by 4 pixels of which the second row is light", () => {
    // 3x3: passes 1, 4 (x 2), 5 (y 2), 6 (x 1), 7 (row 1) have pixels.
    const raw = [0, 0x80, 0, 0x00, 0, 0x80, 0, 0x80, 0, 0x80, 0, 0xe0];
    expect(pixels(png(header(3, 3, 1, 0, 1), data(...raw), end))).toEqual([
      255, 255, 0, 255, 255, 255, 255, 255, 0,
    ]);
  });

  test("a palette of 2 bits; pixels in two chunks; unknown chunks are passed over", () => {
    const palette: [string, Uint8Array] = ["PLTE", Uint8Array.of(1, 2, 3, 4, 5, 6)];
    const [, packed] = data(0, 0b01000100);
    const parts: [string, Uint8Array][] = [
      ["IDAT", packed.subarray(0, 3)],
      ["IDAT", packed.subarray(3)],
    ];
    const bomb: [string, Uint8Array] = ["iCCP", deflateSync(new Uint8Array(1 << 20))];
    expect(pixels(png(header(3, 1, 2, 3), bomb, palette, ...parts, end))).toEqual([
      4, 5, 6, 1, 2, 3, 4, 5, 6,
    ]);
  });

  test("agrees with another decoder's writer, with 16 bits and alpha", () => {
    const values = Uint16Array.from({ length: 5 * 4 * 4 }, (_, i) => i * 811);
    const file = encode({ width: 5, height: 4, channels: 4, depth: 16, data: values });
    expect(decodePng(file, "a", 20)).toMatchObject({ height: 4, width: 5, channels: 4 });
    expect(pixels(file)).toEqual(Array.from(values, (value) => value >> 8));
  });

  const grey = header(2, 2, 8, 0);
  const right = data(0, 1, 2, 0, 3, 4);
  const altered = (file: Uint8Array, at: number): Uint8Array => file.with(at, file.at(at)! ^ 1);
  const [, zlib] = right;
  test.each([
    ["a wrong Adler sum", png(grey, ["IDAT", altered(zlib, -1)], end), "incorrect data check"],
    ["a wrong CRC", altered(png(grey, right, end), -1), "the checksum of the chunk at byte"],
    ["a bomb", png(grey, ["IDAT", deflateSync(new Uint8Array(1 << 24))], end), "more pixels than"],
    ["too few pixels", png(grey, data(0, 1, 2), end), "its pixels are cut off"],
    ["a false size", png(header(900, 900, 8, 0), right, end), "its pixels are cut off"],
    ["no pixels", png(grey, end), "it has no pixels"],
    ["no end", png(grey, right), "it ends before its last chunk"],
    ["a chunk that is too long", png(grey, right).with(33, 0x7f), "goes beyond its end"],
    ["two headers", png(grey, grey, right, end), "it has two headers"],
    ["pixels in two places", png(grey, right, ["tEXt", zlib], right, end), "between its pixels"],
    ["a chunk that must be known", png(grey, ["ABCD", zlib], right, end), "that is not known"],
    ["no palette", png(header(2, 2, 8, 3), right, end), "it has no palette"],
    ["half a colour", png(grey, ["PLTE", Uint8Array.of(1)], right, end), "no whole colours"],
    ["filter 5", png(grey, data(5, 1, 2, 0, 3, 4), end), "a row has filter 5"],
    ["3 bits", png(header(2, 2, 3, 0), right, end), "colour type 0 with 3 bits does not exist"],
    ["no width", png(header(0, 2, 8, 0), right, end), "it is 2x0 pixels large"],
  ])("refuses %s", (_, file, message) => {
    expect(() => decodePng(file, "a", 1e6)).toThrow(FormatError);
    expect(() => decodePng(file, "a", 1e6)).toThrow(message);
  });

  test("refuses a colour that the palette lacks", () => {
    const file = png(header(1, 1, 8, 3), ["PLTE", Uint8Array.of(1, 2, 3)], data(0, 1), end);
    expect(() => decodePng(file, "a", 1e6)).toThrow("a pixel has colour 1 of 1");
  });

  test("refuses more pixels than it may have", () => {
    expect(() => decodePng(png(grey, right, end), "a", 3)).toThrow(
      "expected 1 to 3 pixels, got 2x2.",
    );
  });
});
