import { beforeAll, expect, test } from "vitest";
import {
  checkModel,
  encodeSafetensors,
  exportPyTorch,
  readModel,
  rebuildModel,
  restoreModel,
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
