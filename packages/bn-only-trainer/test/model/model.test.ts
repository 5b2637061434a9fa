import { beforeAll, expect, test } from "vitest";
import {
  encodeSafetensors,
  decodeSafetensors,
  evaluate,
  ModelFileError,
  readModel,
  restoreModel,
  saveModel,
  train,
  useBackend,
} from "../../src/index.ts";
import { bitsOf, tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm")));

async function trained(condition: "bn" | "bn+head" | "random-2" = "bn") {
  const network = tinyNetwork();
  const data = tinyData();
  await train({ network, data, condition, epochs: 1, batchSize: 25 });
  return {
    network,
    data,
    file: await saveModel(network, { dataset: "synthetic" }),
  };
}

test.each(["bn", "bn+head", "random-2"] as const)(
  "condition %s: seed and file give the same network, to the bit",
  async (condition) => {
    const { network, data, file } = await trained(condition);
    const model = readModel(file);
    expect(model.metadata).toMatchObject({
      architecture: "cifar-resnet-8",
      seed: 1,
      classes: 10,
      initialization: { weights: "kaimingNormal", batchNorm: "uniform" },
      notes: { dataset: "synthetic" },
    });
    const copy = tinyNetwork({ seed: model.metadata.seed, ...model.metadata.initialization });
    await restoreModel(copy, model);
    expect(bitsOf(copy)).toEqual(bitsOf(network));
    expect(await evaluate(copy, data.test)).toEqual(await evaluate(network, data.test));
    [network, copy].forEach((net) => net.dispose());
  },
);

test.each([
  ["head, then bn", ["head", "bn"]],
  ["random-2, then bn", ["random-2", "bn"]],
] as const)("%s: what was trained first is in the file too", async (_name, conditions) => {
  const network = tinyNetwork();
  const data = tinyData();
  for (const condition of conditions) {
    await train({ network, data, condition, epochs: 1, batchSize: 25 });
  }
  const copy = tinyNetwork();
  await restoreModel(copy, readModel(await saveModel(network)));
  expect(bitsOf(copy)).toEqual(bitsOf(network));
  const again = tinyNetwork();
  await restoreModel(again, readModel(await saveModel(copy)));
  expect(bitsOf(again)).toEqual(bitsOf(network));
  [network, copy, again].forEach((net) => net.dispose());
});

test("a few KB: BatchNorm only, and no convolution", async () => {
  const { network, file } = await trained();
  const { tensors } = readModel(file);
  expect([...tensors.keys()].every((path) => /\/bn\d?\/|^stem\/bn\//.test(path))).toBe(true);
  expect([...tensors.values()].reduce((sum, { values }) => sum + values.length, 0)).toBe(4 * 336);
  expect(file.length).toBeLessThan(16 * 1024);
  network.dispose();
});

test("a note cannot take the place of a field", async () => {
  const network = tinyNetwork();
  await expect(saveModel(network, { seed: "2" })).rejects.toThrow('a note cannot be named "seed"');
  network.dispose();
});

test("another architecture, seed or version, and missing or altered tensors are refused", async () => {
  const { network, file } = await trained();
  const model = readModel(file);
  const refuses = async (
    net: typeof network,
    changed: typeof model,
    message: RegExp,
  ): Promise<void> => {
    const before = bitsOf(net);
    await expect(restoreModel(net, changed)).rejects.toThrow(ModelFileError);
    await expect(restoreModel(net, changed)).rejects.toThrow(message);
    expect(bitsOf(net)).toEqual(before);
    net.dispose();
  };
  const renamed = { ...model, metadata: { ...model.metadata, architecture: "cifar-resnet-14" } };
  await refuses(tinyNetwork(), renamed, /it holds a cifar-resnet-14, not a cifar-resnet-8/);
  await refuses(
    tinyNetwork({ seed: 2 }),
    model,
    /with seed 2 have [0-9a-f]{12}…\. Create the network with seed 1/,
  );
  const missing = new Map([...model.tensors].filter(([path]) => path !== "stem/bn/gamma"));
  await refuses(tinyNetwork(), { ...model, tensors: missing }, /"stem\/bn\/gamma" is missing/);
  const odd = new Map([
    ...model.tensors,
    ["x", { shape: [1], values: new Float32Array(1) }] as const,
  ]);
  await refuses(
    tinyNetwork(),
    { ...model, tensors: odd },
    /tensor "x" \[1\] does not fit .* none of that name/,
  );
  const gamma = model.tensors.get("stem/bn/gamma")!;
  const infinite = new Map([
    ...model.tensors,
    ["stem/bn/gamma", { ...gamma, values: gamma.values.map(() => Infinity) }] as const,
  ]);
  await refuses(tinyNetwork(), { ...model, tensors: infinite }, /not a finite number/);

  const { tensors } = decodeSafetensors(file);
  expect(() => readModel(encodeSafetensors({ metadata: new Map(), tensors }))).toThrow(
    /no "format" in its metadata/,
  );
  const future = new Map([
    ["format", "bn-only"],
    ["version", "9"],
    ["init", "init-v1"],
  ]);
  expect(() => readModel(encodeSafetensors({ metadata: future, tensors }))).toThrow(
    /Update bn-only/,
  );
  network.dispose();
});
