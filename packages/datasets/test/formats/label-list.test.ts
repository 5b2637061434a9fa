import { expect, test } from "vitest";
import { parseLabelList } from "../../src/formats/label-list.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("parseLabelList: an array of integers", () => {
  expect([...parseLabelList(bytes("[6,9,0]"), "l.json", 3, 10)]).toEqual([6, 9, 0]);
});

test.each([
  ["no JSON", "[1,2", "expected a JSON array, got 4 other bytes"],
  ["an object", '{"length":2}', "expected an array of 2 labels, got object"],
  ["a prototype-like object", '{"__proto__":[1,2]}', "got object"],
  ["too few", "[1]", "got an array of 1"],
  ["too many", "[1,2,3]", "got an array of 3"],
  ["a class that does not exist", "[1,10]", "expected labels from 0 to 9, got 10 for image 1"],
  ["a negative label", "[-1,1]", "got -1 for image 0"],
  ["a fraction", "[0.5,1]", "got 0.5 for image 0"],
  ["a string", '["1",1]', "got string for image 0"],
  ["an object without a text", '[{"toString":1},1]', "got object for image 0"],
  ["a list that lies deep", `[${"[".repeat(5000)}${"]".repeat(5000)},1]`, "got object for image 0"],
  ["null", "[null,1]", "got null for image 0"],
])("parseLabelList: refuses %s", (_, text, message) => {
  expect(() => parseLabelList(bytes(text), "l.json", 2, 10)).toThrow(message);
});

test("parseLabelList: refuses bytes that are no UTF-8", () => {
  expect(() => parseLabelList(Uint8Array.of(0xff, 0xfe), "l.json", 1, 10)).toThrow("l.json");
});
