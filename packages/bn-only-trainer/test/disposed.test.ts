import "@tensorflow/tfjs-backend-cpu";
import { createNetwork } from "@bn-only/resnet-zoo";
import { memory, setBackend } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  averageParameters,
  type BatchSource,
  evaluate,
  exportPyTorch,
  gammaValues,
  Learner,
  lossAndGradients,
  type Optimizer,
  readModel,
  restoreModel,
  saveModel,
  sgd,
  train,
  trainingStep,
  zeroOutputs,
} from "../src/index.ts";

beforeAll(() => setBackend("cpu"));

const inputShape = [8, 8, 3] as const;
const batch = { images: new Float32Array(192), labels: Int32Array.of(0), size: 1 };
const source: BatchSource = { size: 1, inputShape, classes: 10, batches: () => [batch] };

test("a disposed network is refused in one sentence, whatever it is given to", async () => {
  const before = memory().numTensors;
  const network = createNetwork("cifar-resnet-8", { inputShape });
  const model = readModel(await saveModel(network));
  network.dispose();
  network.dispose();
  const calls: Readonly<Record<string, () => unknown>> = {
    train: () => train({ network, data: { train: source }, epochs: 1 }),
    evaluate: () => evaluate(network, source),
    zeroOutputs: () => zeroOutputs(network, source),
    gammaValues: () => gammaValues(network),
    saveModel: () => saveModel(network),
    exportPyTorch: () => exportPyTorch(network),
    restoreModel: () => restoreModel(network, model),
    averageParameters: () => averageParameters().apply(network),
    "Learner.of": () => Learner.of(network, sgd() as unknown as Optimizer),
    lossAndGradients: () => lossAndGradients(network, batch),
    trainingStep: () => trainingStep(network, batch, undefined, { learningRate: 0.1, step: 1 }),
  };
  for (const [name, call] of Object.entries(calls)) {
    await expect((async () => call())(), name).rejects.toThrow(
      /the network cifar-resnet-8 was disposed, and its values are gone\. Create another one, or dispose it later\.$/,
    );
  }
  expect(memory().numTensors).toBe(before);
});
