import {
  batchNorm,
  defineLayer,
  dense,
  fromFunction,
  type Layer,
  Network,
  Parameter,
  RunningStatistic,
  sequential,
} from "@bn-only/frozen-layers";
import {
  cast,
  fill,
  memory,
  ones,
  reshape,
  type Tensor,
  type Tensor1D,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  foldNetwork,
  Learner,
  type Optimizer,
  pruneNetwork,
  sgd,
  train,
  trainingStep,
  useBackend,
  zeroOutputs,
} from "../src/index.ts";
import { bitsOf, firstBatch, tinyData, tinyNetwork } from "./support/tiny.ts";

// What others write, and where it is wrong: optimisers, layers, callbacks, batches.

beforeAll(async () => void (await useBackend("wasm")));

const at = { learningRate: 0.1, step: 1 };
const batch = () => firstBatch(tinyData().train, 4);

function optimizerOf(update: Optimizer["update"], init: Optimizer["init"] = () => ({})): Optimizer {
  return { name: "own", options: {}, init, update };
}

/** A network that has made what it keeps of its frozen kernels. */
function stepped(): Network {
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  trainingStep(network, batch(), learner, at).dispose();
  learner.dispose();
  return network;
}

describe("an optimiser whose update gives", () => {
  test.each<[string, Optimizer["update"]]>([
    ["another rank", (state, p) => ({ parameters: reshape(p, [p.size, 1]) as never, state })],
    ["one row", (state, p) => ({ parameters: reshape(p, [1, p.size]) as never, state })],
    ["whole numbers", (state, p) => ({ parameters: cast(p, "int32"), state })],
    ["a memory of rank 2", (_, p) => ({ parameters: p, state: { m: ones([2, 2]) as never } })],
    ["a promise as its memory", (_, p) => ({ parameters: p, state: Promise.resolve() as never })],
  ])("%s: refused, nothing has moved, nothing leaks", (_, update) => {
    const network = stepped();
    const learner = new Learner(network.trainable, optimizerOf(update));
    const [tensors, bits] = [memory().numTensors, bitsOf(network)];
    expect(() => trainingStep(network, batch(), learner, at)).toThrow(/^Learner: what /);
    expect(memory().numTensors).toBe(tensors);
    expect(bitsOf(network)).toEqual(bits);
    learner.dispose();
    network.dispose();
  });

  test.each<[string, Optimizer["update"]]>([
    ["the parameters themselves", (state, parameters) => ({ parameters, state })],
    ["the gradient", (state, _, gradient) => ({ parameters: gradient, state })],
    ["both to remember", (_, p, g) => ({ parameters: p, state: { before: p, gradient: g } })],
  ])("%s: taken, step after step, and nothing leaks", (_, update) => {
    const network = stepped();
    const before = memory().numTensors;
    const learner = new Learner(network.trainable, optimizerOf(update));
    for (let step = 1; step <= 3; step++) {
      trainingStep(network, batch(), learner, { learningRate: 0.1, step }).dispose();
    }
    learner.dispose();
    expect(memory().numTensors).toBe(before);
    network.dispose();
  });
});

describe("a layer of one's own", () => {
  function own(backward: (pass: { gradients: Map<Parameter, Tensor> }, p: Parameter) => void) {
    const parameter = new Parameter("p", "conv.bias", [4]);
    const layer: Layer<boolean> = defineLayer<boolean>({
      kind: "own",
      parameters: [parameter],
      outline: (shape) => ({ outputShape: shape, macs: 0 }),
      forward: (input) => ({ output: input, saved: true }),
      backward(_, gradient, pass) {
        backward(pass, parameter);
        return gradient;
      },
    });
    return networkOf({ bn: batchNorm(4), own: layer as Layer });
  }

  test.each<[string, Parameters<typeof own>[0], RegExp]>([
    ["no gradient", () => {}, /there is no gradient of "own\/p"/],
    [
      "one of another shape",
      ({ gradients }, p) => gradients.set(p, ones([2, 2])),
      /"own\/p": expected a float32 tensor of shape \[4\], got float32 \[2,2\]/,
    ],
    [
      "one of whole numbers",
      ({ gradients }, p) => gradients.set(p, zeros([4], "int32")),
      /got int32 \[4\]/,
    ],
  ])("that sets %s is named", (_, backward, message) => {
    const network = own(backward);
    network.setTrainable("conv.bias");
    const learner = new Learner(network.trainable, sgd());
    const tensors = memory().numTensors;
    expect(() => trainingStep(network, vectors(), learner, at)).toThrow(message);
    expect(memory().numTensors).toBe(tensors);
    learner.dispose();
    network.dispose();
  });

  test("that moves a statistic to another shape is named, and no other has moved", () => {
    const statistic = new RunningStatistic("s", "bn.mean", [4]);
    const layer = defineLayer<undefined>({
      kind: "own",
      buffers: [statistic],
      outline: (shape) => ({ outputShape: shape, macs: 0 }),
      forward(input, pass) {
        pass.statisticsUpdates.set(statistic, zeros([3]));
        return { output: input, saved: undefined };
      },
      backward: (_, gradient) => gradient,
    });
    const network = networkOf({ bn: batchNorm(4), own: layer as Layer });
    network.setTrainable("bn.gamma");
    const learner = new Learner(network.trainable, sgd());
    const [tensors, bits] = [memory().numTensors, bitsOf(network)];
    expect(() => trainingStep(network, vectors(), learner, at)).toThrow(
      /own\/s: expected a float32/,
    );
    expect(memory().numTensors).toBe(tensors);
    expect(bitsOf(network)).toEqual(bits);
    learner.dispose();
    network.dispose();
  });

  test.each([
    ["forward", { forward: () => undefined }, /own: output of what forward of "own" returns/],
    ["outline", { outline: () => undefined }, /own: outputShape of what outline returns/],
  ])("whose %s returns nothing is named", (_, parts, message) => {
    const layer = defineLayer({
      kind: "own",
      outline: (shape: readonly number[]) => ({ outputShape: shape, macs: 0 }),
      forward: (input: Tensor) => ({ output: input, saved: undefined }),
      backward: (_saved: unknown, gradient: Tensor) => gradient,
      ...(parts as object),
    });
    expect(() => networkOf({ own: layer as Layer }).predict(ones([2, 4]))).toThrow(message);
  });

  test("fromFunction of what returns its input trains", () => {
    const network = networkOf({ bn: batchNorm(4), same: fromFunction((x) => x) as Layer });
    network.setTrainable("bn");
    const learner = new Learner(network.trainable, sgd());
    const tensors = memory().numTensors;
    trainingStep(network, vectors(), learner, at).dispose();
    expect(memory().numTensors).toBe(tensors);
    learner.dispose();
    network.dispose();
  });
});

function networkOf(layers: Readonly<Record<string, Layer>>): Network {
  const layer = sequential({ ...layers, head: dense({ inputs: 4, outputs: 2 }) });
  return new Network({ name: "own", layer, inputShape: [4], classes: 2 });
}

const vectors = () => ({
  size: 4,
  images: Float32Array.from({ length: 16 }, (_, i) => Math.sin(i)),
  labels: Int32Array.of(0, 1, 0, 1),
});

describe("train", () => {
  const data = () => tinyData();

  test("a condition with positions beside its selection is refused", async () => {
    const network = tinyNetwork();
    const condition = { select: "bn", indices: () => Int32Array.of(0) };
    await expect(train({ network, data: data(), condition, epochs: 1 })).rejects.toThrow(
      /condition: there is no option "indices"/,
    );
    network.dispose();
  });

  test("a callback that has other numbers of a parameter train is refused", async () => {
    const network = tinyNetwork();
    const [parameter] = network.parameters;
    const condition = { select: { select: parameter!.path, indices: () => Int32Array.of(0, 1) } };
    const callbacks = [
      ({ event }: { event: string }) => {
        if (event === "step") parameter!.trainOnly(Int32Array.of(2, 3));
      },
    ];
    await expect(
      train({ network, data: data(), condition, epochs: 1, batchSize: 4, callbacks }),
    ).rejects.toThrow(/a callback changed what trains/);
    network.dispose();
  });

  test("a network that is being trained already is refused, and trains on", async () => {
    const [network, alone] = [tinyNetwork(), tinyNetwork()];
    const options = { data: data(), epochs: 1, batchSize: 8 };
    const first = train({ ...options, network });
    await expect(train({ ...options, network })).rejects.toThrow(/is being trained already/);
    const { history } = await train({ ...options, network: alone });
    expect((await first).history[0]!.trainLoss).toBe(history[0]!.trainLoss);
    await train({ ...options, network });
    [network, alone].forEach((one) => one.dispose());
  });

  test("a reason to stop that is no text is refused", async () => {
    const network = tinyNetwork();
    const callbacks = [(_: unknown, { stop }: { stop(reason?: string): void }) => stop(5 as never)];
    await expect(train({ network, data: data(), epochs: 1, callbacks })).rejects.toThrow(
      /stop: the reason must be a text, got 5/,
    );
    network.dispose();
  });
});

test.each([
  ["null", null],
  ["a text", "1"],
  ["true", true],
  ["a bigint", 1n],
  ["NaN", NaN],
])("trainingStep: %s among the pixels of a list is refused by its position", (_, pixel) => {
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = new Learner(network.trainable, sgd());
  const { images, ...rest } = batch();
  const list: unknown[] = [...images];
  list[5] = pixel;
  expect(() => trainingStep(network, { ...rest, images: list as never }, learner, at)).toThrow(
    /batch: number 5 of the images is /,
  );
  learner.dispose();
  network.dispose();
});

test("a network that has diverged is not pruned, folded or counted", async () => {
  const network = tinyNetwork();
  const [gamma] = network.parameters.filter(({ role }) => role === "bn.gamma");
  gamma!.set(fill(gamma!.shape as [number], NaN) as Tensor1D);
  const message = new RegExp(`"${gamma!.path}" holds a value that is not finite`);
  await expect(pruneNetwork(network)).rejects.toThrow(message);
  await expect(foldNetwork(network)).rejects.toThrow(message);
  await expect(zeroOutputs(network, tinyData().test!)).rejects.toThrow(message);
  network.dispose();
});
