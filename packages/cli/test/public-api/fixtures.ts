import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type Layer,
  Network,
  type NetworkDefinition,
  Parameter,
  type Pass,
  RunningStatistic,
  sequential,
  trainingPass,
} from "@bn-only/frozen-layers";
import type { Batch, BatchSource } from "@bn-only/trainer";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";

const inputShape = [4, 4, 3] as const;

/** A convolution, BatchNorm and a head for two classes. */
export function tinyLayer(): Layer {
  return sequential({
    conv: conv2d({ inputChannels: 3, outputChannels: 2, padding: 1 }),
    bn: batchNorm(2, { activation: "relu" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 2, outputs: 2 }),
  });
}

export function tinyDefinition(): NetworkDefinition {
  return { name: "tiny", layer: tinyLayer(), inputShape: [...inputShape], classes: 2 };
}

export function tinyNetwork(trainable: string | undefined = undefined): Network {
  const network = new Network(tinyDefinition());
  if (trainable !== undefined) network.setTrainable(trainable);
  return network;
}

const wave = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 50 - 1);

export function tinyBatch(): Batch {
  return { images: wave(4 * 48), labels: Int32Array.of(0, 1, 0, 1), size: 4 };
}

export function tinySource(): BatchSource {
  return { size: 4, inputShape: [...inputShape], classes: 2, batches: () => [tinyBatch()] };
}

/** Reproducible numbers of a shape. */
export function some(...shape: number[]): Tensor {
  return tensor(wave(shape.reduce((size, length) => size * length, 1)), shape);
}

export function parameterWithValue(): Parameter {
  const parameter = new Parameter("gamma", "bn.gamma", [2]);
  parameter.path = "bn/gamma";
  parameter.initialize(0, { weights: "kaimingNormal", batchNorm: "uniform" });
  return parameter;
}

export function statisticWithValue(): RunningStatistic {
  const statistic = new RunningStatistic("mean", "bn.mean", [2]);
  statistic.path = "bn/mean";
  statistic.initialize();
  return statistic;
}

export function inferencePass(): Pass {
  return trainingPass({ statistics: "running", updateStatistics: false, record: false });
}

/** Of a network that is gone afterwards. */
export function withNetwork<Result>(work: (network: Network) => Result): Result {
  const network = tinyNetwork();
  try {
    return work(network);
  } finally {
    network.dispose();
  }
}

/** Of a parameter or statistic that is gone afterwards. */
export function withState<State extends { dispose(): void }, Result>(
  state: State,
  work: (state: State) => Result,
): Result {
  try {
    return work(state);
  } finally {
    state.dispose();
  }
}
