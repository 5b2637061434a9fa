import { sequential } from "@bn-only/frozen-layers";
import {
  architectures,
  cifarResNet,
  imagenetResNet,
  createNetwork,
  defineArchitecture,
  defineNetwork,
} from "@bn-only/resnet-zoo";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  InvalidOptionError,
  loadModel,
  ModelFileError,
  readModel,
  rebuildModel,
  restoreModel,
  saveModel,
  useBackend,
  withChecksum,
} from "../../src/index.ts";

beforeAll(async () => void (await useBackend("cpu")));

const grey = { inputShape: [12, 12, 1], classes: 3, seed: 7, batchNorm: "fixed" } as const;

async function greyFile(): Promise<Uint8Array> {
  const network = createNetwork("cifar-resnet-8", grey);
  const file = await saveModel(network, { dataset: "digits" });
  network.dispose();
  return file;
}

test("loadModel: shape, classes, seed and initialisation are the file's, and so is what it predicts", async () => {
  const network = createNetwork("cifar-resnet-8", grey);
  const file = await saveModel(network, { dataset: "digits" });
  const { network: loaded, metadata } = await loadModel(file, { architectures: architectures() });
  expect(loaded).toMatchObject({
    name: "cifar-resnet-8",
    inputShape: [12, 12, 1],
    classes: 3,
    seed: 7,
  });
  expect(loaded.initialization).toEqual(network.initialization);
  expect(metadata.notes).toEqual({ dataset: "digits" });
  const image = tensor(
    Array.from({ length: 144 }, (_, i) => i / 144),
    [1, 12, 12, 1],
  );
  const expected = network.predict(image.clone()).dataSync();
  expect(loaded.predict(image).dataSync()).toEqual(expected);
});

test("loadModel: a third party's architecture, and an unknown name", async () => {
  const mine = defineArchitecture({
    family: "my-net",
    grammar: "my-net",
    parse: (name) => (name === "my-net" ? {} : undefined),
    build: (_, options) => sequential({ stem: defineNetwork("cifar-resnet-8", options).layer }),
    defaults: { inputShape: [8, 8, 1], classes: 2 },
    published: [],
    paper: { title: "none", url: "https://example.org" },
  });
  const network = createNetwork("my-net", { architectures: [mine] });
  const file = await saveModel(network);
  const { network: loaded } = await loadModel(file, { architectures: [mine] });
  expect(loaded.name).toBe("my-net");
  await expect(loadModel(file, { architectures: [cifarResNet, imagenetResNet] })).rejects.toThrow(
    'model file: it holds a "my-net", which none of the architectures makes. Given are cifar-resnet, imagenet-resnet; ' +
      "pass the one that trained it in { architectures }.",
  );
});

test.each([undefined, {}, { architectures: "cifar-resnet" }, { architectures: [{}] }])(
  "loadModel: %j is refused",
  async (options) => {
    const loading = loadModel(await greyFile(), options as never);
    await expect(loading).rejects.toThrow(InvalidOptionError);
  },
);

test.each([
  ["5", "cifar-resnet-8"],
  ["12x12x1x1", "cifar-resnet-8"],
  ["1x1x1", "cifar-vgg-11"],
])("loadModel: a file of images of %s for a %s is refused as a file", async (shape, name) => {
  const { metadata, tensors } = decodeSafetensors(await greyFile());
  const altered = new Map(metadata).set("inputShape", shape).set("architecture", name);
  const file = encodeSafetensors(withChecksum({ metadata: altered, tensors }));
  const before = memory().numTensors;
  const loading = loadModel(file, { architectures: architectures() });
  await expect(loading).rejects.toThrow(ModelFileError);
  await expect(loading).rejects.toThrow(`model file: no "${name}" takes images of ${shape}: `);
  expect(memory().numTensors).toBe(before);
});

test("restoreModel into another shape names shape, classes and initialisation, not another seed", async () => {
  const model = readModel(await greyFile());
  const before = memory().numTensors;
  const network = createNetwork("cifar-resnet-8", { ...grey, inputShape: [12, 12, 3] });
  await expect(restoreModel(network, model)).rejects.toThrow(
    "model file: it is of a network for images of 12x12x1, this one is for 12x12x3. Create it with " +
      'createNetwork("cifar-resnet-8", { inputShape: [12, 12, 1], classes: 3, seed: 7, weights: "kaimingNormal", batchNorm: "fixed" }), or by loadModel.',
  );
  network.dispose();
  expect(memory().numTensors).toBe(before);
});

test("restoreModel into other classes or another seed names the same call", async () => {
  const model = readModel(await greyFile());
  for (const other of [{ classes: 4 }, { seed: 8 }, { weights: "binary" as const }]) {
    const network = createNetwork("cifar-resnet-8", { ...grey, ...other });
    await expect(restoreModel(network, model)).rejects.toThrow(
      'Create it with createNetwork("cifar-resnet-8", { inputShape: [12, 12, 1], classes: 3, seed: 7,',
    );
  }
});

test("the sides may differ, as a network convolves images of any size", async () => {
  const model = readModel(await greyFile());
  const larger = { ...grey, inputShape: [16, 16, 1] };
  const network = await rebuildModel(
    model,
    defineNetwork("cifar-resnet-8", { inputShape: larger.inputShape, classes: 3 }),
  );
  expect(network.inputShape).toEqual([16, 16, 1]);
});

test("a network whose shape a file cannot hold is not saved", async () => {
  const network = createNetwork("cifar-resnet-8", { ...grey, inputShape: [4096, 1024, 2] });
  await expect(saveModel(network)).rejects.toThrow(ModelFileError);
});
