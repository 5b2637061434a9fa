import { sgd } from "@bn-only/frozen-layers";
import { conv2d, tensor1d, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Runs a small convolution and a step of SGD on the current backend and compares them with the results by hand. */
export async function selfTest(): Promise<void> {
  const output = tidy(() => {
    const image = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const filter = tensor4d([1, 10, 100, 1000], [2, 2, 1, 1]);
    return conv2d(image, filter, 1, "valid");
  });
  const [value] = await output.data();
  output.dispose();
  if (value !== 4321) throw new Error(`a test convolution gave ${value} instead of 4321`);

  const moved = tidy(() => {
    const state = { parameters: tensor1d([1, 2]), velocity: tensor1d([0, 4]) };
    const options = { learningRate: 0.5, momentum: 0.5, weightDecay: 0 };
    return sgd(state, tensor1d([2, 2]), options).parameters;
  });
  const parameters = [...(await moved.data())];
  moved.dispose();
  if (String(parameters) !== "0,0") {
    throw new Error(`a test step of SGD gave ${parameters} instead of 0,0`);
  }
}
