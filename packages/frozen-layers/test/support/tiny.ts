import { setBackend, type Tensor, tensor } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import {
  batchNorm,
  conv2d,
  type Layer,
  Network,
  type Pass,
  randomStream,
  sequential,
  type Shape,
} from "../../src/index.ts";

export async function useCpu(): Promise<void> {
  if (!(await setBackend("cpu"))) throw new Error("the cpu backend is missing");
}

export function randomTensor(name: string, shape: Shape): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Float32Array.from(randomStream(1, name).normal(size)), [...shape]);
}

/** A convolution of 3x3 that keeps height and width, then BatchNorm with ReLU. */
export const unit = (inputChannels: number, outputChannels: number): Layer =>
  sequential({
    conv: conv2d({ inputChannels, outputChannels, padding: 1 }),
    bn: batchNorm(outputChannels, { activation: "relu" }),
  });

/** A network of one layer; `shape` is that of one input, the output must be a vector. */
export function tinyNetwork(layer: Layer, inputShape: Shape): Network {
  const classes = layer.outline(inputShape).outputShape[0]!;
  return new Network({ name: "tiny", layer, inputShape, classes }, { seed: 4 });
}

/**
 * `Σ output · direction` and its gradients by `backward`, which consumes what `forward` saved.
 */
export function lossOf(network: Network, input: Tensor, direction: Tensor, pass: Pass): number {
  const { output, saved } = network.layer.forward(input.clone(), pass);
  const values = output.dataSync<"float32">();
  const weights = direction.dataSync<"float32">();
  const loss = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  output.dispose();
  if (pass.record) network.layer.backward(saved, direction.clone(), pass)?.dispose();
  return loss;
}
