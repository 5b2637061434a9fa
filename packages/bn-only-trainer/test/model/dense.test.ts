import type { Network } from "@bn-only/frozen-layers";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  exportPyTorch,
  foldNetwork,
  isDenseModel,
  pruneNetwork,
  readDenseModel,
  readModel,
  rebuildDenseModel,
  saveDenseModel,
  saveModel,
  withChecksum,
} from "../../src/index.ts";
import { bottlenecks } from "../support/bottlenecks.ts";
import { denseNet } from "../support/dense-net.ts";
import { mobileNet } from "../support/mobile-net.ts";
import { asTrained, logitsOf, zeroGammas } from "../support/planted.ts";
import { tinyNetwork } from "../support/tiny.ts";
import { useBackend } from "../../src/index.ts";

beforeAll(async () => void (await useBackend("wasm")));

const families: Readonly<Record<string, () => Network>> = {
  "basic blocks": () => tinyNetwork(),
  bottlenecks: () => bottlenecks(1),
  "checkpointed stages": () => tinyNetwork({ checkpointedStages: 3 }),
  "a DenseNet": () => denseNet(1),
  "a MobileNet with gates, slices and a sigmoid": () => mobileNet(1),
};

test.each(Object.entries(families))("dense model: %s, the same bits again", async (_, make) => {
  const network = make();
  asTrained(network, 1);
  const file = await saveDenseModel(network, { dataset: "synthetic" });
  expect(isDenseModel(file)).toBe(true);
  const model = readDenseModel(file);
  expect(model.notes).toEqual({ dataset: "synthetic" });
  const again = rebuildDenseModel(model);
  expect(again.name).toBe(network.name);
  expect(logitsOf(again)).toEqual(logitsOf(network));
  expect([again.macs, again.parameters.length]).toEqual([network.macs, network.parameters.length]);
  [network, again].forEach((one) => one.dispose());
});

test("dense model: pruned and folded networks, and images of another size", async () => {
  const network = tinyNetwork();
  asTrained(network, 2);
  zeroGammas(network, "", [1, 2, 3]);
  const { network: pruned } = await pruneNetwork(network);
  const { network: folded } = await foldNetwork(pruned);
  const model = readDenseModel(await saveDenseModel(folded));
  const again = rebuildDenseModel(model);
  expect(logitsOf(again)).toEqual(logitsOf(folded));
  const larger = rebuildDenseModel(model, { inputShape: [16, 16, 3] });
  expect(logitsOf(larger)).toHaveLength(40);
  [network, pruned, folded, again, larger].forEach((one) => one.dispose());
});

test("dense model: names, layouts and numbers are those of exportPyTorch", async () => {
  const network = tinyNetwork();
  const dense = decodeSafetensors(await saveDenseModel(network));
  expect(dense.tensors).toEqual(decodeSafetensors(await exportPyTorch(network)).tensors);
  network.dispose();
});

describe("dense model: files that are none", () => {
  const altered = async (
    alter: (file: { metadata: Map<string, string>; tensors: Map<string, never> }) => void,
    checksum = true,
  ): Promise<Uint8Array> => {
    const network = tinyNetwork();
    const { metadata, tensors } = decodeSafetensors(await saveDenseModel(network));
    network.dispose();
    const file = { metadata: new Map(metadata), tensors: new Map(tensors) as Map<string, never> };
    alter(file);
    return encodeSafetensors(checksum ? withChecksum(file) : file);
  };
  const described = (metadata: Map<string, string>, change: (network: never) => void): void => {
    const network = JSON.parse(metadata.get("network")!) as never;
    change(network);
    metadata.set("network", JSON.stringify(network));
  };
  const open = (bytes: Uint8Array): void => {
    const before = memory().numTensors;
    try {
      rebuildDenseModel(readDenseModel(bytes)).dispose();
    } finally {
      expect(memory().numTensors).toBe(before);
    }
  };

  test.each<[string, Parameters<typeof altered>[0], RegExp]>([
    [
      "a tensor less",
      ({ tensors }) => void tensors.delete("fc.bias"),
      /needs a float32 tensor "fc.bias" \[10\], the file has none/,
    ],
    [
      "a tensor more",
      ({ tensors }) => void tensors.set("x", { shape: [1], values: Float32Array.of(1) } as never),
      /tensor "x" belongs to no layer/,
    ],
    [
      "another shape",
      ({ tensors }) =>
        void tensors.set("fc.bias", { shape: [2], values: Float32Array.of(1, 2) } as never),
      /"fc.bias" \[10\], the file has \[2\]/,
    ],
    [
      "a negative variance",
      ({ tensors }) =>
        void tensors.set("bn1.running_var", {
          shape: [16],
          values: new Float32Array(16).fill(-1),
        } as never),
      /"bn1.running_var" holds a value that is not a finite number from 0/,
    ],
    ["no JSON", ({ metadata }) => void metadata.set("network", "{"), /its network is not JSON/],
    [
      "images larger than a file may ask for",
      ({ metadata }) =>
        void metadata.set(
          "network",
          JSON.stringify({
            ...JSON.parse(metadata.get("network")!),
            inputShape: [2048, 2048, 3],
          }),
        ),
      /its inputShape 2048x2048x3 has more than 4194304 numbers/,
    ],
    [
      "a JSON null",
      ({ metadata }) => void metadata.set("network", "null"),
      /has no name, inputShape or classes/,
    ],
    [
      "a version of the future",
      ({ metadata }) => void metadata.set("version", "2"),
      /expected bn-only-dense version 1, got "bn-only-dense" version "2"/,
    ],
    [
      "a layer of no kind",
      ({ metadata }) =>
        described(metadata, (n: { layer: { kind: string } }) => (n.layer.kind = "eval")),
      /its layers cannot be built: buildLayer: expected .* of kind "eval"/,
    ],
    [
      "an option that does not exist",
      ({ metadata }) =>
        described(metadata, (n: { layer: { children: { head: { options: object } } } }) =>
          Object.assign(n.layer.children.head.options, { code: "x" }),
        ),
      /there is no option "code"/,
    ],
    [
      "a convolution beyond all memory",
      ({ metadata }) =>
        described(metadata, (n: { layer: { children: { head: { options: object } } } }) =>
          Object.assign(n.layer.children.head.options, { outputs: 2 ** 40 }),
        ),
      /expected 10 logits/,
    ],
  ])("%s", async (_, alter, message) => {
    const bytes = await altered(alter);
    expect(() => open(bytes)).toThrow(message);
  });

  test("levels without end", async () => {
    let layer: object = { kind: "identity" };
    for (let level = 0; level < 1000; level++)
      layer = { kind: "sequential", children: { a: layer } };
    const bytes = await altered(({ metadata }) =>
      described(metadata, (n: { layer: object }) => (n.layer = layer)),
    );
    expect(() => open(bytes)).toThrow("at most 200000 layers in 64 levels");
  });

  test("an altered bit, and a model of the other kind", async () => {
    const bytes = await altered(({ metadata }) => void metadata.set("by", "me"), false);
    expect(() => open(bytes)).toThrow("their checksum differs");
    const network = tinyNetwork();
    const small = await saveModel(network);
    expect(isDenseModel(small)).toBe(false);
    expect(() => readDenseModel(small)).toThrow(
      'expected bn-only-dense version 1, got "bn-only" version "2"',
    );
    const dense = await saveDenseModel(network);
    expect(() => readModel(dense)).toThrow("Read it with readDenseModel");
    await expect(saveDenseModel(network, { network: "x" })).rejects.toThrow(
      'saveDenseModel: a note cannot be named "network"',
    );
    network.dispose();
  });
});
