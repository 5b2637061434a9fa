import { memory, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import {
  averagePool,
  batchNorm,
  checkpointed,
  concat,
  conv2d,
  dense,
  flatten,
  globalAveragePool,
  type Layer,
  maxPool,
  type Parameter,
  relu,
  residual,
  sequential,
} from "../../src/index.ts";
import {
  disposePass,
  lossOf,
  randomTensor,
  tinyNetwork,
  trainingPass,
  useCpu,
} from "../support/tiny.ts";

beforeAll(useCpu);

const head = (inputs: number): Layer => dense({ inputs, outputs: 3 });
const bnConv = (inputChannels: number, outputChannels: number): Layer =>
  sequential({
    bn: batchNorm(inputChannels),
    conv: conv2d({ inputChannels, outputChannels, padding: 1, bias: true }),
  });

// No ReLU after a BatchNorm here: kinks would spoil the finite differences.
const networks: Record<string, () => Layer> = {
  "conv, stride 2": () =>
    sequential({
      bn: batchNorm(2),
      conv: conv2d({ inputChannels: 2, outputChannels: 4, stride: 2, padding: 1 }),
      pool: globalAveragePool(),
      head: head(4),
    }),
  "residual with a projection": () =>
    sequential({
      block: residual({
        body: {
          bn1: batchNorm(2),
          conv: conv2d({ inputChannels: 2, outputChannels: 4, padding: 1 }),
          bn2: batchNorm(4),
        },
        shortcut: sequential({
          conv: conv2d({ inputChannels: 2, outputChannels: 4, kernelSize: 1, role: "shortcut" }),
          bn: batchNorm(4),
        }),
      }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "residual with the identity": () =>
    sequential({
      lift: bnConv(2, 4),
      block: residual({
        body: {
          conv: conv2d({ inputChannels: 4, outputChannels: 4, padding: 1 }),
          bn: batchNorm(4),
        },
      }),
      flatten: flatten(),
      head: head(4 * 36),
    }),
  "concat, pools": () =>
    sequential({
      branches: concat({
        a: bnConv(2, 3),
        b: sequential({ bn: batchNorm(2), pool: averagePool({ size: 3, stride: 1, padding: 1 }) }),
      }),
      max: maxPool({ size: 3, stride: 2, padding: 1 }),
      flatten: flatten(),
      head: head(5 * 9),
    }),
  "relu of its own": () =>
    sequential({ lift: bnConv(2, 3), relu: relu(), flatten: flatten(), head: head(3 * 36) }),
  checkpointed: () =>
    sequential({ lift: checkpointed(bnConv(2, 3)), flatten: flatten(), head: head(3 * 36) }),
};

test.each(Object.keys(networks))(
  "%s: gradients agree with central differences, nothing leaks",
  (name) => {
    const network = tinyNetwork(networks[name]!(), [6, 6, 2]);
    network.setTrainable("**");
    const input = randomTensor("input", [3, 6, 6, 2]);
    const direction = randomTensor("direction", [3, 3]);
    const warmUp = trainingPass();
    lossOf(network, input, direction, warmUp);
    disposePass(warmUp);
    const before = memory().numTensors;

    const pass = trainingPass();
    lossOf(network, input, direction, pass);
    expect([...pass.gradients.keys()].map(({ path }) => path).sort()).toEqual(
      network.parameters.map(({ path }) => path).sort(),
    );
    for (const parameter of network.parameters) {
      const analytic = inDirection(pass.gradients.get(parameter)!, parameter);
      const step = 2e-3;
      const numeric = (lossShifted(parameter, step) - lossShifted(parameter, -step)) / (2 * step);
      const scale = Math.max(1, Math.abs(numeric));
      expect(Math.abs(analytic - numeric) / scale, parameter.path).toBeLessThan(1e-2);
    }
    disposePass(pass);
    expect(memory().numTensors).toBe(before);
    network.dispose();

    function lossAt(at: Tensor): number {
      const forward = trainingPass({ record: false });
      const loss = lossOf(network, at, direction, forward);
      disposePass(forward);
      return loss;
    }

    function inDirection(gradient: Tensor, parameter: Parameter): number {
      const along = randomTensor(`along/${parameter.path}`, parameter.shape);
      const weights = along.dataSync<"float32">();
      along.dispose();
      return gradient.dataSync<"float32">().reduce((sum, value, i) => sum + value * weights[i]!, 0);
    }

    function lossShifted(parameter: Parameter, step: number): number {
      const original = parameter.value.clone();
      const along = randomTensor(`along/${parameter.path}`, parameter.shape);
      const shifted = original
        .dataSync<"float32">()
        .map((value, i) => value + step * along.dataSync<"float32">()[i]!);
      parameter.set(tensor(shifted, [...parameter.shape]));
      along.dispose();
      const loss = lossAt(input);
      parameter.set(original);
      return loss;
    }
  },
);
