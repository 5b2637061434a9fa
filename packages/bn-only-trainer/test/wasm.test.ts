import { memory } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  type Condition,
  conditionSelection,
  Learner,
  sgd,
  trainingStep,
  useBackend,
} from "../src/index.ts";
import { bitsOf, firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

interface WasmMemory {
  readonly numTensors: number;
  readonly numBytesInUse: number;
  readonly heapBytes: number;
}

/** Trains the tiny network on one batch again and again, and looks at it after every step. */
function trainSteps(
  { steps, condition, batchSize }: { steps: number; condition: Condition; batchSize: number },
  afterStep: (loss: number, step: number) => void = () => {},
): Map<string, Uint32Array> {
  const network = tinyNetwork();
  network.setTrainable(conditionSelection(condition, network));
  const learner = new Learner(network.trainable, sgd());
  const batch = firstBatch(tinyData().train, batchSize);
  for (let step = 0; step < steps; step++) {
    const metrics = trainingStep(network, batch, learner, {
      learningRate: 0.05,
      step: step + 1,
    });
    afterStep(metrics.dataSync()[0]!, step);
    metrics.dispose();
  }
  const bits = bitsOf(network);
  learner.dispose();
  network.dispose();
  return bits;
}

describe.each([
  { condition: "bn", fma: false },
  { condition: "all", fma: false },
  { condition: "bn", fma: true },
] as const)("wasm, condition $condition, fma $fma", ({ condition, fma }) => {
  test("25 steps: 1, 2, 3 and 8 threads give the same bits", async () => {
    const runs: { losses: number[]; bits: Map<string, Uint32Array> }[] = [];
    for (const threads of [1, 2, 3, 8]) {
      await useBackend("wasm", { threads, fma });
      const losses: number[] = [];
      const bits = trainSteps({ steps: 25, condition, batchSize: 37 }, (loss) => losses.push(loss));
      runs.push({ losses, bits });
    }
    expect(runs[0]!.losses[24]).toBeLessThan(runs[0]!.losses[0]!);
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
  });
});

test("wasm: 2,000 steps take no more memory than three", async () => {
  await useBackend("wasm", { threads: 2 });
  const seen: WasmMemory[] = [];
  trainSteps({ steps: 2000, condition: "bn", batchSize: 2 }, () =>
    seen.push(memory() as unknown as WasmMemory),
  );
  const keys = ["numTensors", "numBytesInUse", "heapBytes"] as const;
  for (const key of keys) expect(seen.at(-1)![key], key).toBe(seen[2]![key]);
});
