import { beforeAll, expect, test } from "vitest";
import {
  checkpoint,
  decodeSafetensors,
  decodeState,
  encodeSafetensors,
  encodeState,
  ModelFileError,
  train,
  useBackend,
  withChecksum,
} from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

let bytes: Uint8Array;

beforeAll(async () => {
  await useBackend("wasm");
  const network = tinyNetwork();
  const save = checkpoint({ every: "3steps", save: (state) => void (bytes = state) });
  await train({ network, data: tinyData(), epochs: 1, batchSize: 25, callbacks: [save] });
  network.dispose();
});

test("round trip: the same bytes", () => {
  expect(Buffer.from(encodeState(decodeState(bytes))).equals(bytes)).toBe(true);
  expect(encodeState(decodeState(bytes.slice().buffer))).toEqual(bytes);
});

test("one altered bit of a state, wherever it is, is noticed", () => {
  for (let at = 0; at < bytes.length; at++) {
    const altered = bytes.slice();
    altered[at]! ^= 1 << (at % 8);
    expect(() => decodeState(altered), `byte ${at}`).toThrow(ModelFileError);
  }
});

test("version 1, which had no checksum, is still read", () => {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const fields = new Map([...metadata, ["version", "1"]] as const);
  fields.delete("checksum");
  expect(decodeState(encodeSafetensors({ metadata: fields, tensors }))).toEqual(decodeState(bytes));
});

/** A state with another value at one place of its JSON. */
function changed(path: readonly string[], value: unknown): Uint8Array {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const state = JSON.parse(metadata.get("state")!) as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce((object, key) => object[key] as Record<string, unknown>, state);
  parent[path.at(-1)!] = value;
  const fields = new Map([...metadata, ["state", JSON.stringify(state)]] as const);
  return encodeSafetensors(withChecksum({ metadata: fields, tensors }));
}

test.each([
  [["identity"], null],
  [["identity", "network"], { toString: 1 }],
  [["identity", "seed"], -1],
  [["identity", "learningRates"], [{}]],
  [["step"], 1.5],
  [["step"], "3"],
  [["sums", "images"], null],
  [["history"], {}],
  [["history"], [1]],
  [["history"], [{ event: "epoch", epoch: 0 }]],
  [["seconds"], -1],
  [["fixedStatistics"], [1]],
  [["stopped"], 7],
])("a state whose %j is %j is refused", (path, value) => {
  expect(() => decodeState(changed(path, value))).toThrow(ModelFileError);
  expect(() => decodeState(changed(path, value))).toThrow(
    `state file: its metadata have no valid "${path[0]}"`,
  );
});

test.each([
  ["parameters", Int32Array.of(1), "a Float32Array, got an Int32Array"],
  ["indices", Float32Array.of(1), "an Int32Array, got a Float32Array"],
  ["statistics", Int32Array.of(1), "a Float32Array, got an Int32Array"],
  ["optimizer", Int32Array.of(1), "a Float32Array, got an Int32Array"],
  ["callbacks", [1], "a Map of names to Float32Arrays, got [1]"],
  ["callbacks", new Map([["b", [1]]]), "a Float32Array, got [1]"],
])("what could not be read again is not written: %s", (group, value, message) => {
  const state = { ...decodeState(bytes), [group]: new Map([["a", value]]) };
  const path = value instanceof Map ? `${group}/a/b` : `${group}/a`;
  expect(() => encodeState(state)).toThrow(`encodeState: the state: "${path}" must be ${message}.`);
});

test("tensors of another type than their group has are refused", () => {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const [name] = [...tensors.keys()].filter((key) => key.startsWith("parameters/"));
  const odd = new Map([...tensors, [name!, { shape: [1], values: Int32Array.of(1) }]] as const);
  const file = encodeSafetensors(withChecksum({ metadata, tensors: odd }));
  expect(() => decodeState(file)).toThrow(`state file: tensor "${name}" is not of the type`);
});

test("a tensor of no callback is not taken for that of another", () => {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const odd = new Map([
    ...tensors,
    ["callbacks/average", { shape: [1], values: Float32Array.of(1) }] as const,
  ]);
  expect(() => decodeState(encodeSafetensors(withChecksum({ metadata, tensors: odd })))).toThrow(
    'state file: tensor "callbacks/average" names no callback and value of its own.',
  );
});
