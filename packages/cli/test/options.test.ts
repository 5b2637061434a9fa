import { expect, test } from "vitest";
import { UsageError } from "../src/errors.ts";
import { oneOf, pathName, realNumber, wholeNumber } from "../src/options.ts";

test.each(["0", "-1", "1.5", "NaN", "Infinity", "", " ", "ten", "1e400", "9007199254740993"])(
  'wholeNumber: "%s" is refused',
  (text) => {
    expect(() => wholeNumber("--n", 1)(text)).toThrow(UsageError);
    expect(() => wholeNumber("--n", 1)(text)).toThrow(
      `--n must be a whole number from 1, got "${text}".`,
    );
  },
);

test("wholeNumber: takes the smallest", () => {
  expect(wholeNumber("--n", 1)("1")).toBe(1);
  expect(wholeNumber("--n", 0)("0")).toBe(0);
});

test.each(["NaN", "Infinity", "-0.1", "0", "", "x"])('realNumber: "%s" is not above 0', (text) => {
  expect(() => realNumber("--x", { above: 0 })(text)).toThrow(
    `--x must be a number above 0, got "${text}".`,
  );
});

test("realNumber: `from` includes the limit", () => {
  expect(realNumber("--x", { from: 0 })("0")).toBe(0);
  expect(realNumber("--x", { above: 0 })("1e-4")).toBe(1e-4);
  expect(() => realNumber("--x", { from: 0 })("-1e-9")).toThrow("a number from 0");
});

test("oneOf: names the nearest and all", () => {
  const parse = oneOf("--backend", ["auto", "wasm", "cpu"]);
  expect(parse("cpu")).toBe("cpu");
  expect(() => parse("WSAM")).toThrow(
    '--backend "WSAM" does not exist; did you mean "wasm"? Choose one of auto, wasm, cpu.',
  );
  expect(() => oneOf("--x", ["a"])("constructor")).toThrow(UsageError);
});

test("pathName: anything but nothing", () => {
  expect(pathName("--out")("a b")).toBe("a b");
  expect(() => pathName("--out")("")).toThrow('--out must be a path, got "".');
});
