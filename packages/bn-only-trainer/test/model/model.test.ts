import { type Network, outlineNetwork } from "@bn-only/frozen-layers";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  evaluate,
  ModelFileError,
  readModel,
  rebuildModel,
  restoreModel,
  saveModel,
  train,
  useBackend,
} from "../../src/index.ts";
import { bitsOf, inputShape, tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

async function trained(condition: "bn" | "bn+head" | "random-2" = "bn") {
  const network = tinyNetwork();
  const data = tinyData();
  await train({ network, data, condition, epochs: 1, batchSize: 25 });
  return { network, data, file: await saveModel(network, { dataset: "synthetic" }) };
}

const layers = () => defineNetwork("cifar-resnet-8", { inputShape });

test.each(["bn", "bn+head", "random-2"] as const)(
  "condition %s: seed and file give the same network, to the bit",
  async (condition) => {
    const { network, data, file } = await trained(condition);
    const model = readModel(file);
    expect(model.warnings).toEqual([]);
    expect(model.metadata).toMatchObject({
      architecture: "cifar-resnet-8",
      seed: 1,
      classes: 10,
      initialization: { weights: "kaimingNormal", batchNorm: "uniform" },
      notes: { dataset: "synthetic" },
    });
    const copy = await rebuildModel(model, layers());
    expect(bitsOf(copy)).toEqual(bitsOf(network));
    expect(await evaluate(copy, data.test)).toEqual(await evaluate(network, data.test));
    [network, copy].forEach((net) => net.dispose());
  },
);

test("a few KB: BatchNorm only, and no convolution", async () => {
  const { network, file } = await trained();
  const { tensors } = readModel(file);
  expect([...tensors.keys()].every((path) => /\/bn\d?\/|^stem\/bn\//.test(path))).toBe(true);
  expect([...tensors.values()].reduce((sum, { values }) => sum + values.length, 0)).toBe(4 * 336);
  expect(file.length).toBeLessThan(16 * 1024);
  network.dispose();
});

test("random-2: of each convolution two numbers a channel at most, and their positions", async () => {
  const { network, file } = await trained("random-2");
  const { tensors } = readModel(file);
  const { values } = tensors.get("stem/conv/kernel")!;
  const { values: positions } = tensors.get("stem/conv/kernel#indices")!;
  expect([values.length, positions.length]).toEqual([32, 32]);
  expect(tensors.has("head/kernel")).toBe(false);
  network.dispose();
});

test.each([
  ["a field's name", { seed: "2" }, 'a note cannot be named "seed"'],
  ["the checksum's name", { checksum: "2" }, 'a note cannot be named "checksum"'],
  ["a number", { epochs: 3 }, 'the note "epochs" must be text, got 3'],
  ["null", { epochs: null }, 'the note "epochs" must be text, got null'],
  ["no object", "notes", "notes must be an object of texts"],
  ["half a surrogate pair", { author: "\ud83d" }, '"author" must be text'],
])("notes that are %s are refused", async (_name, notes, message) => {
  const network = tinyNetwork();
  const saving = saveModel(network, notes as never);
  await expect(saving).rejects.toThrow(ModelFileError);
  await expect(saving).rejects.toThrow(message);
  network.dispose();
});

test("what could not be restored is not saved", async () => {
  const network = tinyNetwork();
  network.parameters[1]!.set(tensor(new Float32Array(16).fill(Infinity)));
  await expect(saveModel(network)).rejects.toThrow(
    'saveModel: "stem/bn/gamma" holds a value that is not a finite number, which no network',
  );
  network.dispose();
});

test("one altered bit of a file, wherever it is, is noticed", async () => {
  const network = tinyNetwork();
  const file = await saveModel(network, { note: "x" });
  network.dispose();
  for (let at = 0; at < file.length; at++) {
    const altered = file.slice();
    altered[at]! ^= 1 << (at % 8);
    expect(() => readModel(altered), `byte ${at}`).toThrow(ModelFileError);
  }
});

test("version 1 loads, with a warning that it cannot be checked", async () => {
  const { network, file } = await trained();
  const { metadata, tensors } = decodeSafetensors(file);
  const fields = new Map([...metadata, ["version", "1"]] as const);
  fields.delete("checksum");
  const model = readModel(encodeSafetensors({ metadata: fields, tensors }));
  expect(model.warnings).toEqual([
    "the model file is of version 1, which has no checksum: whether it was altered cannot be told",
  ]);
  const copy = await rebuildModel(model, layers());
  expect(bitsOf(copy)).toEqual(bitsOf(network));
  [network, copy].forEach((net) => net.dispose());
});

test("a network of another architecture, seed, initialisation or class count stays as it is", async () => {
  const { network, file } = await trained();
  const model = readModel(file);
  const refuses = async (net: Network, message: string): Promise<void> => {
    const before = bitsOf(net);
    await expect(restoreModel(net, model)).rejects.toThrow(ModelFileError);
    await expect(restoreModel(net, model)).rejects.toThrow(message);
    expect(bitsOf(net)).toEqual(before);
    net.dispose();
  };
  await refuses(tinyNetwork({ seed: 2 }), "have seed 1, weights");
  await refuses(tinyNetwork({ weights: "binary" }), 'weights "kaimingNormal" and batchNorm');
  await refuses(tinyNetwork({ classes: 7 }), "it has 10 classes, the network 7");
  network.dispose();
});

test("a file that asks for more than 2^28 parameters is refused before a tensor is made", async () => {
  const before = memory().numTensors;
  const definition = defineNetwork("cifar-resnet-8-99", { inputShape });
  const { parameters, buffers } = outlineNetwork(definition);
  const batchNorm = [...parameters, ...buffers].filter(({ role }) => role.startsWith("bn."));
  const model = {
    metadata: {
      architecture: "cifar-resnet-8-99",
      seed: 0,
      initialization: { weights: "kaimingNormal", batchNorm: "uniform" },
      classes: 10,
      fingerprint: "0".repeat(64),
      notes: {},
    },
    tensors: new Map(
      batchNorm.map(({ path, shape, size }) => [path, { shape, values: new Float32Array(size) }]),
    ),
    warnings: [],
  } as const;
  await expect(rebuildModel(model, definition)).rejects.toThrow(
    /cifar-resnet-8-99 with 10 classes has 7\d{8} parameters, a file may ask for 268435456/,
  );
  expect(memory().numTensors).toBe(before);
});
