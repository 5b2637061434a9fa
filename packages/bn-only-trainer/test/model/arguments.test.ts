import { createNetwork } from "@bn-only/resnet-zoo";
import { beforeAll, expect, test } from "vitest";
import {
  checkModel,
  type DenseModel,
  encodeSafetensors,
  exportPyTorch,
  InvalidOptionError,
  readDenseModel,
  readModel,
  rebuildDenseModel,
  rebuildModel,
  restoreModel,
  saveDenseModel,
  saveModel,
  TrainerError,
  useBackend,
  withChecksum,
} from "../../src/index.ts";

beforeAll(async () => void (await useBackend("cpu")));

const wrong = [undefined, null, 3, "x", [], {}, new Map(), Promise.resolve(), new Uint8Array(9)];
const functions: Readonly<Record<string, (...args: never[]) => unknown>> = {
  checkModel,
  encodeSafetensors,
  exportPyTorch,
  readModel,
  rebuildModel,
  restoreModel,
  saveModel,
  withChecksum,
};

test.each(Object.entries(functions))("%s: wrong values give an error of ours", async (_, call) => {
  for (const first of wrong) {
    for (const second of wrong) {
      const error: unknown = await (async () => call(first as never, second as never))().catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(TrainerError);
    }
  }
});

test.each([0, 3, 500])(
  "a tensor of %i numbers under another shape is no tensor",
  async (length) => {
    const network = createNetwork("mlp-2-4", { inputShape: [2, 2, 1], classes: 3 });
    const model = readModel(await saveModel(network));
    const dense = readDenseModel(await saveDenseModel(network));
    const spoilt = <Contents extends Pick<DenseModel, "tensors">>(contents: Contents): Contents => {
      const [name, { shape }] = [...contents.tensors][0]!;
      const stored = { shape, values: new Float32Array(length) };
      return { ...contents, tensors: new Map(contents.tensors).set(name, stored) };
    };
    await expect(restoreModel(network, spoilt(model))).rejects.toThrow(InvalidOptionError);
    expect(() => rebuildDenseModel(spoilt(dense))).toThrow(InvalidOptionError);
    network.dispose();
  },
);
