import { expect, test } from "vitest";
import { bytes, count, duration, percent, plural, table, wrapped } from "../src/format.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 KB"],
  [14_432, "14.4 KB"],
  [138_940_914, "138.9 MB"],
  [1.5e9, "1.5 GB"],
])("bytes: %d is %s", (size, text) => {
  expect(bytes(size)).toBe(text);
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [245, "4 min 05 s"],
  [3600, "1 h 00 min"],
  [36_061, "10 h 01 min"],
])("duration: %d is %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("percent, count, plural: as people write them", () => {
  expect(percent(0.178)).toBe("17.80 %");
  expect(percent(1, 0)).toBe("100 %");
  expect(count(177_279_498)).toBe("177,279,498");
  expect(plural(1, "epoch")).toBe("1 epoch");
  expect(plural(2000, "epoch")).toBe("2,000 epochs");
});

test("table: text to the left, numbers and shares to the right", () => {
  expect(
    table([
      ["name", "size", "share"],
      ["a", "1,000", "9.5 %"],
      ["long", "7", "10.5 %"],
    ]),
  ).toBe("name   size   share\na     1,000   9.5 %\nlong      7  10.5 %");
});

test("wrapped: lines of a width, a longer word alone", () => {
  expect(wrapped(["Abs", "Acos", "Asin", "FusedConv2D", "Tan"], 10)).toBe(
    "  Abs Acos\n  Asin\n  FusedConv2D\n  Tan",
  );
  expect(wrapped([])).toBe("");
});
