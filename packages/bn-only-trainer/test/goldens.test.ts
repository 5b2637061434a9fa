import {
  type BatchNormInit,
  type Network,
  runOp,
  softmaxCrossEntropyOp,
} from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import { type Fixture, readFixture, relativeError } from "@bn-only/testing/fixture";
import { tensor, tensor1d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BackendName,
  type Condition,
  conditionSelection,
  Learner,
  sgd,
  lossAndGradients,
  trainingStep,
  useBackend,
} from "../src/index.ts";

// PyTorch in float64, written by tools/goldens/make_goldens.py: same seed, same images, no weights in
// the files. Tolerances are relative, per tensor norm.
const GRADIENT = 1e-4;
const LOSS = 1e-5;
const TRAINED = 1e-4;

const cases: readonly (readonly [network: string, condition: Condition])[] = [
  ...["cifar-resnet-14", "cifar-resnet-8-2"].flatMap((network) =>
    (["bn", "bn+head", "all"] as const).map((condition) => [network, condition] as const),
  ),
  ["cifar-vgg-11", "bn+head"],
  ["imagenet-resnet-50", "bn+head"],
  ["mobilenet-v2", "bn+head"],
  ["cifar-densenet-16-6", "all"],
  ["mlp-3-32", "all"],
];

/** What takes minutes: a billion multiplications in plain JavaScript, dozens of shaders that SwiftShader compiles. */
const left: Readonly<Record<string, readonly string[]>> = {
  cpu: ["cifar-vgg-11", "imagenet-resnet-50", "mobilenet-v2"],
  webgpu: ["imagenet-resnet-50", "mobilenet-v2"],
};

// packages/backend-tensorflow/vitest.tensorflow.config.ts names another one.
const backends = process.env["BN_ONLY_TEST_BACKENDS"]?.split(",") ?? ["cpu", "wasm"];

describe.each(backends as BackendName[])("PyTorch agrees on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  const here = cases.filter(([name]) => !left[backend]?.includes(name));
  describe.each(here)("%s, condition %s", (name, condition) => {
    const fixture = readFixture(import.meta.url, `${name}-${condition.replace("+", "-")}`);
    const batch = {
      images: fixture.values("images") as Float32Array,
      labels: fixture.values("labels") as Int32Array,
      size: fixture.values("labels").length,
    };

    test("the first step: logits, loss and every gradient", async () => {
      const network = await restore(name, condition, fixture);
      const { metrics, pass } = lossAndGradients(network, batch);
      expect(relativeError([(await metrics.data())[0]!], fixture.values("loss"))).toBeLessThan(
        LOSS,
      );
      const [whole, brief] = [fixture.names("gradient/"), fixture.names("gradient-sample/")];
      expect([...pass.gradients.keys()].map(({ path }) => path).sort()).toEqual(
        [...whole, ...brief].sort(),
      );
      for (const [{ path }, gradient] of pass.gradients) {
        const values = await gradient.data<"float32">();
        const expected = whole.includes(path)
          ? [[values, `gradient/${path}`] as const]
          : ([
              [[norm(values)], `gradient-norm/${path}`],
              [sampleOf(values), `gradient-sample/${path}`],
            ] as const);
        for (const [found, of] of expected) {
          expect(relativeError(found, fixture.values(of)), of).toBeLessThan(GRADIENT);
        }
      }
      [metrics, ...pass.gradients.values(), ...pass.statisticsUpdates.values()].forEach((used) =>
        used.dispose(),
      );
      network.dispose();
    });

    test("some steps of SGD, and evaluation with the running statistics", async () => {
      const network = await restore(name, condition, fixture);
      const {
        lr,
        momentum,
        weight_decay: weightDecay,
      } = JSON.parse(fixture.metadata["hyperparameters"]!);
      const learner = new Learner(network.trainable, sgd({ momentum, weightDecay }));
      const losses: number[] = [];
      for (let step = 0; step < Number(fixture.metadata["steps"]); step++) {
        const at = { learningRate: lr, step: step + 1 };
        const metrics = trainingStep(network, batch, learner, at);
        losses.push((await metrics.data())[0]!);
        metrics.dispose();
      }
      expect(relativeError(losses, fixture.values("losses"))).toBeLessThan(TRAINED);
      const states = new Map(
        [...network.parameters, ...network.buffers].map((s) => [s.path, s.value]),
      );
      for (const path of fixture.names("after/")) {
        const error = relativeError(
          await states.get(path)!.data(),
          fixture.values(`after/${path}`),
        );
        expect(error, path).toBeLessThan(TRAINED);
      }
      for (const path of fixture.names("first/")) {
        const values = await states.get(path)!.data<"float32">();
        const first = relativeError(values.slice(0, 64), fixture.values(`first/${path}`));
        expect(first, path).toBeLessThan(TRAINED);
        expect(relativeError([norm(values)], fixture.values(`norm/${path}`))).toBeLessThan(TRAINED);
      }

      const logits = network.predict(tensor(batch.images, [batch.size, ...network.inputShape]));
      const labels = tensor1d(batch.labels, "int32");
      const { loss, correct, gradient } = runOp(softmaxCrossEntropyOp, { logits, labels }, {});
      expect(relativeError(await logits.data(), fixture.values("evaluate/logits"))).toBeLessThan(
        TRAINED,
      );
      expect(relativeError(await loss.data(), fixture.values("evaluate/loss"))).toBeLessThan(
        TRAINED,
      );
      [logits, labels, loss, correct, gradient].forEach((used) => used.dispose());
      learner.dispose();
      network.dispose();
    });
  });
});

/** 64 of them, from everywhere. */
function sampleOf(values: Float32Array): Float32Array {
  return Float32Array.from({ length: 64 }, (_, i) => values[Math.floor((i * values.length) / 64)]!);
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** The network of the fixture, its weights drawn from the seed and compared with PyTorch's sums. */
async function restore(name: string, condition: Condition, fixture: Fixture): Promise<Network> {
  const seed = Number(fixture.metadata["seed"]);
  const batchNorm = (fixture.metadata["batchNormInit"] ?? "uniform") as BatchNormInit;
  const inputShape = fixture.shape("images").slice(1);
  const network = createNetwork(name, { seed, batchNorm, inputShape, classes: 10 });
  network.setTrainable(conditionSelection(condition, network));
  for (const path of fixture.names("checksum/")) {
    const { value } = network.parameters.find((parameter) => parameter.path === path)!;
    const values = await value.data<"float32">();
    const expected = fixture.values(`checksum/${path}`);
    const squares = values.reduce((sum, weight) => sum + weight * weight, 0);
    expect(Math.fround(squares), path).toBeCloseTo(expected[1]!, 3);
    expect(values.slice(0, 8), path).toEqual(expected.slice(2));
  }
  return network;
}
