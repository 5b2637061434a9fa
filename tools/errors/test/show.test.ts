import { expect, test } from "vitest";
import { optionFault, show } from "../src/index.ts";

class Tensor {
  readonly size = 1;
}

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error("no");
    },
  },
);

test.each([
  [undefined, "undefined"],
  [null, "null"],
  [Number.NaN, "NaN"],
  [-0.5, "-0.5"],
  ["0", '"0"'],
  ["a\u001B[31m\n", '"a\uFFFD[31m\uFFFD"'],
  ["x".repeat(100), `"${"x".repeat(60)}…"`],
  [10n, "10n"],
  [Symbol("s"), "Symbol(s)"],
  [() => 1, "a function"],
  [[1, "2", [3]], '[1, "2", a list]'],
  [Array.from({ length: 9 }, (_, i) => i), "[0, 1, 2, 3, 4, 5, 6, 7, …]"],
  [{}, "an empty object"],
  [{ a: 1, b: 2 }, "an object with a, b"],
  [Object.create(null), "an empty object"],
  [new Tensor(), "a Tensor"],
  [new Uint8Array(2), "a Uint8Array"],
  [new Int32Array(2), "an Int32Array"],
  [hostile, "a strange object"],
])("show: case %#", (value, expected) => {
  expect(show(value)).toBe(expected);
});

const names = { momentum: true, weightDecay: true } as const;

test.each([
  [undefined, "sgd: expected an object of options, { momentum, weightDecay }, got undefined."],
  [0.9, "sgd: expected an object of options, { momentum, weightDecay }, got 0.9."],
  [
    ["momentum"],
    'sgd: expected an object of options, { momentum, weightDecay }, got ["momentum"].',
  ],
  [
    { wd: 1 },
    'sgd: there is no option "wd"; did you mean "weightDecay"? Options are momentum, weightDecay.',
  ],
  [{ lr: 1 }, 'sgd: there is no option "lr". Options are momentum, weightDecay.'],
  [{ __proto__: null, constructor: 1 }, 'sgd: there is no option "constructor". Options are'],
])("optionFault: case %#", (options, fault) => {
  expect(optionFault("sgd", options, names)).toContain(fault);
});

test("optionFault: nothing to say of names that exist", () => {
  expect(optionFault("sgd", { momentum: "x" }, names)).toBeUndefined();
  expect(optionFault("sgd", {}, names)).toBeUndefined();
});
