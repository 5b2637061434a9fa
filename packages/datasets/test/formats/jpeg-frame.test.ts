import jpeg from "jpeg-js";
import { expect, test } from "vitest";
import { jpegProblem } from "../../src/formats/jpeg-frame.ts";

const side = 24;
const image = { width: side, height: side, data: Buffer.alloc(side * side * 4, 100) };
const file = new Uint8Array(jpeg.encode(image, 80).data);
const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);

test("jpegProblem: none in what an encoder writes", () => {
  expect(jpegProblem(file)).toBeUndefined();
});

test.each([
  ["a size that its bytes cannot hold", file.with(frame + 5, 200), "its pixels are cut off"],
  ["lossless coding", file.with(frame + 1, 0xc3), "its coding 3 is none of 0, 1 and 2"],
  ["12 bits", file.with(frame + 4, 12), "it has 12 bits for a sample"],
  ["two components", file.with(frame + 9, 2), "it has 2 components"],
  ["a sampling of 0", file.with(frame + 11, 0x01), "a component is sampled 0x1"],
  ["two components of one name", file.with(frame + 13, file[frame + 10]!), "have one name"],
  ["no end", file.subarray(0, -2), "it ends before its last segment"],
  ["no scan", Uint8Array.from([...file.subarray(0, scan), 0xff, 0xd9]), "it has no pixels"],
  ["a segment that is cut off", file.subarray(0, scan + 6), "is cut off"],
  [
    "a thousand scans",
    Uint8Array.from([
      ...file.subarray(0, scan),
      ...Array.from({ length: 1000 }, () => [...file.subarray(scan, -2)]).flat(),
      0xff,
      0xd9,
    ]),
    "it has 1000 scans, more than 100",
  ],
])("jpegProblem: %s", (_, bytes, problem) => {
  expect(jpegProblem(bytes)).toContain(problem);
});
