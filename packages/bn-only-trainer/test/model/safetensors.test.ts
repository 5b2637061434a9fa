import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, ModelFileError } from "../../src/index.ts";

const file = {
  metadata: new Map([["format", "bn-only"]]),
  tensors: new Map([
    ["a/gamma", { shape: [2, 2], values: Float32Array.of(1, -2, 3.5, 1e-20) }],
    ["b", { shape: [], values: Float32Array.of(7) }],
    ["empty", { shape: [0], values: new Float32Array() }],
  ]),
};

/** A file of any header, followed by `dataBytes` zeros. */
function raw(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test("round trip: metadata, shapes, order and bits", () => {
  const decoded = decodeSafetensors(encodeSafetensors(file));
  expect(decoded).toEqual(file);
  expect([...decoded.tensors.keys()]).toEqual([...file.tensors.keys()]);
});

test("bytes at an odd offset of a larger buffer are read as well", () => {
  const bytes = encodeSafetensors(file);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeSafetensors(shifted.subarray(3))).toEqual(file);
});

test("a tensor named __proto__ stays a tensor", () => {
  const header = '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect(decodeSafetensors(raw(header, 4)).tensors.has("__proto__")).toBe(true);
  expect(({} as Record<string, unknown>)["dtype"]).toBeUndefined();
});

const entry = (changes: object): object => ({
  t: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...changes },
});

test.each<[string, Uint8Array, RegExp]>([
  ["nothing", new Uint8Array(), /it has only 0 bytes/],
  ["half a prefix", new Uint8Array(5), /it has only 5 bytes/],
  [
    "an endless header",
    new Uint8Array(16).fill(255),
    /its header claims 18446744073709551615 bytes/,
  ],
  ["no JSON", raw("{oops", 0), /its header is not JSON/],
  ["a list", raw([], 0), /its header is not an object/],
  ["another type", raw(entry({ dtype: "F16" }), 8), /has type F16, expected F32/],
  ["a negative shape", raw(entry({ shape: [-2] }), 8), /no valid shape and offsets/],
  ["a shape that lies", raw(entry({ shape: [3] }), 8), /of shape \[3\] has 8 bytes/],
  ["a hole", raw(entry({ data_offsets: [4, 12] }), 12), /starts at byte 4, not 0/],
  ["trailing bytes", raw(entry({}), 9), /1 bytes follow the last tensor/],
  ["an end that is missing", raw(entry({}), 7), /ends in the middle of tensor "t"/],
])("refuses %s", (_name, bytes, message) => {
  expect(() => decodeSafetensors(bytes)).toThrow(ModelFileError);
  expect(() => decodeSafetensors(bytes)).toThrow(message);
});

test("a truncated file never decodes, wherever it is cut", () => {
  const bytes = encodeSafetensors(file);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(ModelFileError);
  }
});
