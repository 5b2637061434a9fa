import { batchSource } from "@bn-only/datasets";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  adam,
  cosine,
  evaluate,
  ModelFileError,
  readModel,
  saveModel,
  train,
  useBackend,
} from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";
import { sha256 } from "@noble/hashes/sha2.js";
import { beforeAll, describe, expect, test } from "vitest";
import { drawShapes } from "../src/data/shapes.ts";
import { deflate } from "../src/link/compress.ts";
import { LinkError } from "../src/link/error.ts";
import { decodeModel, encodeModel, LONGEST } from "../src/link/model-link.ts";
import { encodePayload } from "../src/link/payload.ts";
import { fromText, toText } from "../src/link/text.ts";
import { rebuild } from "../src/worker/export.ts";
import type { Model } from "@bn-only/trainer";

const side = 16;
const shapes = drawShapes({ trainSize: 240, testSize: 60, side, seed: 3 });
const testing = batchSource(shapes.test);
let model: Model;
let accuracy: number;
let link: string;

/** Why a link is refused; empty when it is not. */
async function refusal(fragment: string): Promise<string> {
  try {
    await decodeModel(fragment);
    return "";
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return error.message;
  }
}

beforeAll(async () => {
  await useBackend("wasm");
  const network = createNetwork("cifar-resnet-14", {
    seed: 3,
    classes: 6,
    inputShape: [side, side, 3],
  });
  await train({
    network,
    data: { train: batchSource(shapes.train, { shuffle: true }) },
    condition: "bn+head",
    epochs: 3,
    batchSize: 16,
    optimizer: adam(),
    schedule: cosine({ learningRate: 0.03 }),
  });
  ({ accuracy } = await evaluate(network, testing));
  model = readModel(await saveModel(network, { condition: "bn+head" }));
  network.dispose();
  link = await encodeModel(model, 8);
});

describe("a link to a trained network", () => {
  test("ResNet-14's gamma, beta, statistics and head: 2,630 numbers in fewer than 5,000 characters", () => {
    const numbers = [...model.tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
    // gamma and beta 1,120, mean and variance 1,120, head 64 x 6 + 6
    expect(numbers).toBe(1120 + 1120 + 390);
    expect(link.length).toBeLessThan(5000);
    expect(link).toMatch(/^m1=[\w-]+$/);
  });

  test("with 12 bits it says what the network says, with 8 bits nearly", async () => {
    for (const [bits, most] of [
      [12, 0.02],
      [8, 0.08],
    ] as const) {
      const network = await rebuild(await decodeModel(await encodeModel(model, bits)));
      const quantised = await evaluate(network, testing);
      network.dispose();
      expect(Math.abs(quantised.accuracy - accuracy)).toBeLessThanOrEqual(most);
    }
  });

  test("opened twice it gives the same bits, and leaves no tensor behind", async () => {
    const before = memory().numTensors;
    const [first, second] = [
      await rebuild(await decodeModel(link)),
      await rebuild(await decodeModel(link)),
    ];
    const losses = [(await evaluate(first, testing)).loss, (await evaluate(second, testing)).loss];
    expect(losses[0]).toBe(losses[1]);
    first.dispose();
    second.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("every value is one of its levels, and what is opened is linked to the same text", async () => {
    const again = await decodeModel(link);
    expect(await encodeModel(again, 8)).toBe(link);
  });
});

describe("links that are not as they were made", () => {
  test("cut off anywhere", async () => {
    for (let length = 0; length < link.length; length += 61) {
      expect(await refusal(link.slice(0, length))).toMatch(/cut off|no network/);
    }
  });

  test("one bit altered anywhere", async () => {
    const bytes = fromText(link.slice(3));
    for (let at = 0; at < bytes.length; at += 37) {
      const altered = bytes.slice();
      altered[at]! ^= 1 << (at % 8);
      expect(await refusal(`m1=${toText(altered)}`)).toMatch(/altered/);
    }
  });

  test("another version, another kind, strange characters, too long", async () => {
    expect(await refusal(link.replace("m1=", "m2="))).toMatch(/version 2.*knows version 1/);
    expect(await refusal(link.replace("m1=", "m99999999999999999999="))).toMatch(
      /version 999999999,/,
    );
    expect(await refusal("s1=shapes")).toMatch(/no network/);
    expect(await refusal("")).toMatch(/no network/);
    expect(await refusal(`${link.slice(0, 50)}%${link.slice(51)}`)).toMatch(/character/);
    expect(await refusal(`${link.slice(0, 50)}\u{1F600}${link.slice(51)}`)).toMatch(/character/);
    expect(await refusal(`m1=${"A".repeat(LONGEST + 1)}`)).toMatch(/at most 16000/);
  });
});

describe("links whose checksum is right and whose contents are not", () => {
  /** Another payload with a right checksum, as somebody with bad intentions would make it. */
  const forge = async (payload: Uint8Array): Promise<string> => sign(await deflate(payload));
  const sign = (packed: Uint8Array): string => {
    const bytes = new Uint8Array(8 + packed.length);
    bytes.set(sha256(packed).subarray(0, 8));
    bytes.set(packed, 8);
    return `m1=${toText(bytes)}`;
  };
  const withHeader = (change: (header: Record<string, unknown>) => void): Uint8Array => {
    const payload = encodePayload(model, 8);
    const length = payload[0]! | (payload[1]! << 8);
    const header = JSON.parse(new TextDecoder().decode(payload.subarray(2, 2 + length))) as Record<
      string,
      unknown
    >;
    change(header);
    const json = new TextEncoder().encode(JSON.stringify(header));
    return Uint8Array.from([
      json.length & 255,
      json.length >> 8,
      ...json,
      ...payload.subarray(2 + length),
    ]);
  };
  test("no deflate stream, one that never ends, one that unpacks to a gigabyte", async () => {
    expect(await refusal(sign(Uint8Array.of(255, 255, 255, 255)))).toMatch(/unpacked/);
    expect(await refusal(sign((await deflate(encodePayload(model, 8))).subarray(0, 500)))).toMatch(
      /unpacked|cut off/,
    );
    const packed = await deflate(new Uint8Array(8_000_000));
    expect(packed.length).toBeLessThan(LONGEST);
    expect(await refusal(sign(packed))).toMatch(/more than 1048576 bytes/);
  });

  test.each([
    ["a network that does not exist", { a: "alexnet" }, /does not know/],
    ["a name that is none", { a: 7 }, /header/],
    ["initialisers that are no text", { w: { toString: 1 } }, /header/],
    ["BatchNorm's that are no text", { n: { toString: 1 } }, /header/],
    ["a fingerprint that is no text", { f: { toString: 1 } }, /header/],
    [
      "a network whose layers do not take such images",
      { a: "cifar-vgg-11", i: "8x8x3" },
      /does not know: pool: a 2x2 window/,
    ],
    ["a network of 177 million numbers", { a: "cifar-resnet-14-32" }, /177\d+ numbers/],
    [
      "a network of 9998 layers",
      { a: "cifar-resnet-9998" },
      /of 9998 layers, at most 1000 are made/,
    ],
    ["a network with more layers", { a: "cifar-resnet-20" }, /tensors/],
    ["a network with more channels", { a: "cifar-resnet-14-2" }, /cut off|range/],
    ["no classes", { c: 0 }, /header/],
    ["a billion classes", { c: 1e9 }, /header/],
    ["other classes", { c: 7 }, /cut off|more in it|range/],
    ["a seed that is none", { s: -1 }, /header/],
    ["an initialiser that is inherited", { w: "toString" }, /header/],
    ["100 bits", { b: 100 }, /header/],
    ["fewer bits", { b: 4 }, /more in it|range/],
    ["no list of tensors", { t: "" }, /header/],
    ["notes that are numbers", { notes: { condition: 16 } }, /header/],
    ["images of a million pixels", { i: "1000x1000x3" }, /expected square/],
    ["images that are not square", { i: "16x17x3" }, /expected square/],
    ["images of nothing", { i: "" }, /expected square/],
  ])("%s", async (_name, change, words) => {
    expect(
      await refusal(await forge(withHeader((header) => void Object.assign(header, change)))),
    ).toMatch(words);
  });

  test("no header, a header that is no JSON, more after the end", async () => {
    expect(await refusal(await forge(Uint8Array.of(0, 0)))).toMatch(/cut off/);
    expect(await refusal(await forge(Uint8Array.of(200, 0, 1)))).toMatch(/cut off/);
    expect(await refusal(await forge(Uint8Array.of(2, 0, 123, 34)))).toMatch(/readable header/);
    expect(await refusal(await forge(Uint8Array.of(4, 0, 110, 117, 108, 108)))).toMatch(/header/);
    expect(await refusal(await forge(Uint8Array.from([...encodePayload(model, 8), 0])))).toMatch(
      /more in it/,
    );
  });

  test.each([
    ["no number", NaN, 1],
    ["none between them", 2, 1],
    ["no end", -Infinity, Infinity],
  ])("a range that is none: %s", async (_name, low, high) => {
    const payload = encodePayload(model, 8);
    const first = 2 + (payload[0]! | (payload[1]! << 8));
    const view = new DataView(payload.buffer);
    view.setFloat32(first, low, true);
    view.setFloat32(first + 4, high, true);
    expect(await refusal(await forge(payload))).toMatch(/no range for stage1|no range for stem/);
  });

  test("a variance whose root is a number and whose square is none", async () => {
    const payload = encodePayload(model, 8);
    // The last tensor: the 64 variances of the last BatchNorm, behind the ends of their range.
    const last = payload.length - (8 + 64);
    const view = new DataView(payload.buffer);
    view.setFloat32(last, 1e30, true);
    view.setFloat32(last + 4, 1e30, true);
    expect(await refusal(await forge(payload))).toMatch(/no range for .*variance/);
  });

  test("another seed: the fingerprint tells", async () => {
    const other = await decodeModel(await forge(withHeader((header) => void (header["s"] = 4))));
    await expect(rebuild(other)).rejects.toThrow(ModelFileError);
    await expect(rebuild(other)).rejects.toThrow(/fingerprint/);
  });

  test("a network with nothing in it: the BatchNorms are missing", async () => {
    const payload = withHeader(
      (header) => void (header["t"] = String(header["t"]).replaceAll("1", "0")),
    );
    const length = payload[0]! | (payload[1]! << 8);
    const empty = await decodeModel(await forge(payload.slice(0, 2 + length)));
    await expect(rebuild(empty)).rejects.toThrow(ModelFileError);
  });
});
