import { type Network, observeOps } from "@bn-only/frozen-layers";
import { memory, tensor } from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, test } from "vitest";
import {
  checkpoint,
  constant,
  decodeState,
  evaluate,
  restoreModel,
  readModel,
  saveModel,
  train,
  type TrainEvent,
  useBackend,
} from "../../src/index.ts";
import { tinyData, tinyNetwork } from "./tiny.ts";

/** Float32 sums in another order, over some steps of training. */
const DIGITS = 3;

/** One network and more that live on while the backend changes, in pairs of names of `useBackend`. */
export function switchingCases(pairs: readonly (readonly [string, string])[]): void {
  afterAll(async () => void (await useBackend("cpu")));

  describe.each(pairs)("from %s to %s", (first, second) => {
    test("several networks after predict, evaluate and train, there and back", async () => {
      await useBackend(first);
      const { numTensors } = memory();
      const networks = [tinyNetwork(), tinyNetwork({ seed: 2 }), tinyNetwork({ classes: 4 })];
      const before = await Promise.all(networks.map(logits));
      const data = tinyData(60, 30);
      const { loss } = await evaluate(networks[0]!, data.test);
      await train({ ...protocol(), network: networks[1]! });
      const trained = await logits(networks[1]!);
      await useBackend(second);
      expectClose(await logits(networks[0]!), before[0]!);
      expectClose(await logits(networks[1]!), trained);
      expectClose(await logits(networks[2]!), before[2]!);
      expect((await evaluate(networks[0]!, data.test)).loss).toBeCloseTo(loss, DIGITS);
      await train({ ...protocol(), network: networks[0]!, condition: "all" });
      await useBackend(first);
      expectClose(await logits(networks[1]!), trained);
      await train({ ...protocol(), network: networks[0]! });
      networks.forEach((network) => network.dispose());
      expect(memory().numTensors).toBe(numTensors);
    });

    test("a callback that changes the backend in the middle of a run", async () => {
      await useBackend(first);
      const [one, other] = [tinyNetwork(), tinyNetwork()];
      await train({ ...protocol(), network: one });
      const names = new Set<string>();
      const stop = observeOps(({ backend }) => names.add(backend));
      const turn = async ({ event }: TrainEvent) => {
        if (event === "epoch") await useBackend(second);
      };
      await train({ ...protocol(), network: other, callbacks: [turn] });
      stop();
      expect(names.size).toBe(2);
      expectClose(await logits(other), await logits(one));
      [one, other].forEach((network) => network.dispose());
    });

    test("a checkpoint and a model from the middle of a run go on over there", async () => {
      await useBackend(first);
      const [undisturbed, resumed, restored] = [tinyNetwork(), tinyNetwork(), tinyNetwork()];
      let state: Uint8Array = new Uint8Array();
      const save = checkpoint({ every: "3steps", save: (bytes) => void (state = bytes) });
      await train({ ...protocol(), network: undisturbed, callbacks: [save] });
      expect(state.length).toBeGreaterThan(0);
      const expected = await logits(undisturbed);
      const model = await saveModel(undisturbed);
      await useBackend(second);
      await train({ ...protocol(), network: resumed, resume: decodeState(state) });
      expectClose(await logits(resumed), expected);
      await restoreModel(restored, readModel(model));
      expectClose(await logits(restored), expected);
      [undisturbed, resumed, restored].forEach((network) => network.dispose());
    });
  });
}

const protocol = () => ({
  data: tinyData(60, 30),
  epochs: 2,
  batchSize: 30,
  schedule: constant(0.01),
});

async function logits(network: Network): Promise<number[]> {
  const values = Float32Array.from({ length: 2 * 192 }, (_, i) => ((i * 37) % 256) / 128 - 1);
  const output = network.predict(tensor(values, [2, 8, 8, 3]));
  const read = [...(await output.data())];
  output.dispose();
  return read;
}

function expectClose(here: readonly number[], there: readonly number[]): void {
  expect(here).toHaveLength(there.length);
  here.forEach((value, i) => expect(value).toBeCloseTo(there[i]!, DIGITS));
}
