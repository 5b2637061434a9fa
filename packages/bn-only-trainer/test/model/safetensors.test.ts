import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, ModelFileError } from "../../src/index.ts";

// What readers must take and refuse is in vectors/.

const file = {
  metadata: new Map([["format", "bn-only"]]),
  tensors: new Map([
    ["a/gamma", { shape: [2, 2], values: Float32Array.of(1, -2, 3.5, 1e-20) }],
    ["b", { shape: [], values: Float32Array.of(7) }],
    ["empty", { shape: [0], values: new Float32Array() }],
    ["__proto__", { shape: [1], values: Int32Array.of(-1) }],
    ["7", { shape: [1], values: Float32Array.of(-0) }],
  ]),
};

test("round trip: metadata, shapes, order and bits", () => {
  const decoded = decodeSafetensors(encodeSafetensors(file));
  expect(decoded).toEqual(file);
  expect([...decoded.tensors.keys()].sort()).toEqual([...file.tensors.keys()].sort());
});

test("bytes come as an ArrayBuffer, as any view of one, shared or of another realm", () => {
  const bytes = encodeSafetensors(file);
  const padded = new Uint8Array(bytes.length + 9);
  padded.set(bytes, 3);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  const elsewhere = runInNewContext("Uint8Array.from(bytes).buffer", {
    bytes: [...bytes],
  }) as ArrayBuffer;
  const forms = [
    bytes.buffer,
    padded.subarray(3, 3 + bytes.length),
    new DataView(padded.buffer, 3, bytes.length),
    Buffer.from(bytes),
    shared,
    shared.buffer,
    elsewhere,
  ];
  for (const form of forms) expect(decodeSafetensors(form as ArrayBuffer)).toEqual(file);
});

test.each([
  ["a path", "model.safetensors", 'got "model.safetensors"'],
  ["a promise", Promise.resolve(), "got a Promise"],
  ["a list", [1, 2], "got [1, 2]"],
  ["null", null, "got null"],
  ["nothing", undefined, "got undefined"],
  ["what only looks like a buffer", { [Symbol.toStringTag]: "ArrayBuffer" }, "got an empty object"],
])("refuses %s in place of bytes", (_name, value, message) => {
  expect(() => decodeSafetensors(value as never)).toThrow(ModelFileError);
  expect(() => decodeSafetensors(value as never)).toThrow(message);
});

test("bytes that were transferred to somebody else are none", () => {
  const bytes = encodeSafetensors(file);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  expect(() => decodeSafetensors(bytes)).toThrow("it has only 0 bytes");
  expect(() => decodeSafetensors(bytes.buffer)).toThrow("it has only 0 bytes");
});

const of = (values: unknown, shape: unknown[] = [2]) => ({
  metadata: new Map(),
  tensors: new Map([["t", { shape, values }]]),
});

test.each<[string, unknown, string]>([
  [
    "a number as metadata",
    { ...file, metadata: new Map([["epochs", 3]]) },
    '"epochs" must be text, got 3',
  ],
  [
    "half a surrogate pair",
    { ...file, metadata: new Map([["a", "\ud800"]]) },
    "half of a surrogate pair",
  ],
  [
    "a tensor named as the metadata",
    { ...file, tensors: new Map([["__metadata__", file.tensors.get("b")]]) },
    "cannot name a tensor",
  ],
  ["float64", of(new Float64Array(2)), "got a Float64Array"],
  ["a list", of([1, 2]), "got [1, 2]"],
  ["a shape of other size", of(new Float32Array(2), [3]), "of shape [3] has 2 numbers"],
  ["a negative shape", of(new Float32Array(2), [-1, -2]), "of shape [-1,-2] has 2 numbers"],
  ["a shape with a fraction", of(new Float32Array(2), [0.5, 4]), "of shape [0.5,4] has 2 numbers"],
])("does not write %s", (_name, contents, message) => {
  expect(() => encodeSafetensors(contents as never)).toThrow(ModelFileError);
  expect(() => encodeSafetensors(contents as never)).toThrow(message);
});

test("a truncated file never decodes, wherever it is cut", () => {
  const bytes = encodeSafetensors(file);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(ModelFileError);
  }
});

test("a header of a million parts, or of more than 16 MiB, is refused early", () => {
  const withHeader = (json: string): Uint8Array => {
    const bytes = new Uint8Array(8 + json.length).fill(0);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    new TextEncoder().encodeInto(json, bytes.subarray(8));
    return bytes;
  };
  const metadata = Array.from({ length: 500_000 }, (_, i) => `"${i}":""`).join();
  expect(() => decodeSafetensors(withHeader(`{"__metadata__":{${metadata}}}`))).toThrow(
    "its header has more than 1000000 parts",
  );
  const lists = `{"a":[${"0,".repeat(1_000_000)}0]}`;
  expect(() => decodeSafetensors(withHeader(lists))).toThrow("more than 1000000 parts");
  expect(() => decodeSafetensors(withHeader("{}".padEnd(2 ** 24 + 1)))).toThrow(
    "its header claims 16777217 bytes",
  );
});
