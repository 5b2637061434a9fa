import type { Network } from "@bn-only/frozen-layers";
import { beforeAll, expect, test } from "vitest";
import {
  assertSavable,
  foldNetwork,
  ModelFileError,
  pruneNetwork,
  readDenseModel,
  rebuildDenseModel,
  saveDenseModel,
  saveModel,
  serveTraining,
  useBackend,
} from "../../src/index.ts";
import { trainInWorker } from "../../src/worker/train-in-worker.ts";
import { tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("wasm", { threads: 1 })));

test.each<[string, (network: Network) => Promise<Network>]>([
  ["pruned", async (network) => (await pruneNetwork(network)).network],
  ["folded", async (network) => (await foldNetwork(network)).network],
  [
    "of a dense model",
    async (network) => rebuildDenseModel(readDenseModel(await saveDenseModel(network))),
  ],
])("saveModel: a network that is %s is refused, and saveDenseModel named", async (_, make) => {
  const network = tinyNetwork();
  const other = await make(network);
  await expect(saveModel(other)).rejects.toThrow(ModelFileError);
  await expect(saveModel(other)).rejects.toThrow(
    "saveModel: this cifar-resnet-8 was pruned, folded or read from a file with all of its numbers, so that no seed gives it. " +
      "Save it with saveDenseModel.",
  );
  expect(readDenseModel(await saveDenseModel(other)).name).toBe("cifar-resnet-8");
  expect(() => assertSavable(network)).not.toThrow();
  [network, other].forEach((one) => one.dispose());
});

test("saveModel, saveDenseModel: images and networks larger than a file may ask for", async () => {
  const network = tinyNetwork({ inputShape: [2048, 1024, 3] });
  expect(() => assertSavable(network)).toThrow(
    "saveModel: cifar-resnet-8 is for images of 2048x1024x3, a file may ask for 4194304 numbers in one. Use smaller images.",
  );
  await expect(saveDenseModel(network)).rejects.toThrow(
    "saveDenseModel: cifar-resnet-8 is for images of 2048x1024x3",
  );
  const large = Object.create(network, {
    inputShape: { value: [8, 8, 3] },
    parameters: { value: [{ size: 2 ** 28 }, { size: 1 }] },
  }) as Network;
  Object.defineProperty(large, "disposed", { value: false });
  expect(() => assertSavable(large)).toThrow(
    "saveModel: cifar-resnet-8 has 268435457 parameters, a file may ask for 268435456.",
  );
  network.dispose();
});

test("serveTraining: a network that could not be saved is not trained", async () => {
  const { port1, port2 } = new MessageChannel();
  serveTraining(
    async () => ({
      network: (await pruneNetwork(tinyNetwork())).network,
      data: tinyData(),
      epochs: 1,
    }),
    port2,
  );
  const events: string[] = [];
  const onEvent = ({ event }: { event: string }): void => void events.push(event);
  await expect(trainInWorker(port1, {}, { onEvent })).rejects.toThrow("saveDenseModel");
  expect(events).toEqual([]);
  port1.close();
});
