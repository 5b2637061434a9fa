import { expect, test } from "vitest";
import { short } from "../src/page/format.ts";

test.each([
  ["circle", "circle"],
  ["fourteen chars", "fourteen chars"],
  ["a very long name of a class", "a very long n…"],
  ["🐈".repeat(15), `${"🐈".repeat(13)}…`],
])("short(%s)", (name, expected) => {
  expect(short(name)).toBe(expected);
});
