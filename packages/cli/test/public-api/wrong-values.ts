import { ones, scalar, tensor, tensor1d, zeros } from "@tensorflow/tfjs-core";

/** A wrong value by name, made anew for every call: some of them are tensors. */
export type WrongValue = readonly [name: string, make: () => unknown];

const named = (values: Readonly<Record<string, () => unknown>>): readonly WrongValue[] =>
  Object.entries(values);

/** Values of every kind that a caller without a compiler could give. */
export const wrongValues: readonly WrongValue[] = [
  ...named({
    undefined: () => undefined,
    null: () => null,
    true: () => true,
    zero: () => 0,
    negative: () => -1,
    fraction: () => 0.5,
    one: () => 1,
    NaN: () => Number.NaN,
    Infinity: () => Infinity,
    "2^53 - 1": () => Number.MAX_SAFE_INTEGER,
    "1e300": () => 1e300,
    bigint: () => 10n,
    symbol: () => Symbol("wrong"),
    "empty text": () => "",
    '"0"': () => "0",
    '"__proto__"': () => "__proto__",
    "empty list": () => [],
    "[0]": () => [0],
    "[-1, NaN]": () => [-1, Number.NaN],
    '["0"]': () => ["0"],
    "[undefined]": () => [undefined],
    "empty object": () => ({}),
    "null prototype": () => Object.create(null),
    "unknown key": () => ({ frobnicate: 1 }),
    function: () => () => 1,
    "function of nothing": () => () => undefined,
    date: () => new Date(0),
    map: () => new Map([["a", 1]]),
    promise: () => Promise.resolve(1),
    bytes: () => new Uint8Array([1, 2, 3]),
    floats: () => new Float32Array([Number.NaN, 1]),
    doubles: () => new Float64Array(2),
  }),
  ...named({
    "disposed tensor": () => {
      const disposed = zeros([1, 4, 4, 3]);
      disposed.dispose();
      return disposed;
    },
    "scalar tensor": () => scalar(1),
    "vector of 7": () => ones([7]),
    "tensor of rank 5": () => ones([1, 1, 1, 1, 1]),
    "empty tensor": () => zeros([0, 4, 4, 3]),
    "tensor of int32": () => tensor1d([1, 2], "int32"),
    "images of int32": () => zeros([2, 4, 4, 3], "int32"),
    "tensor of bool": () => tensor([true, false], [2], "bool"),
    "tensor of texts": () => tensor(["a", "b"]),
    "tensor of NaN": () => tensor([Number.NaN, 1], [2]),
  }),
];

/** Data with numbers that are not finite, which arithmetic hands on. */
export const notFiniteData: readonly string[] = ["floats", "tensor of NaN"];
