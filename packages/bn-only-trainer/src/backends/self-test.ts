import { conv2d, tensor4d, tidy } from "@tensorflow/tfjs-core";

/** Runs one small convolution on the current backend and compares it with the result by hand. */
export async function selfTest(): Promise<void> {
  const output = tidy(() => {
    const image = tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    const filter = tensor4d([1, 10, 100, 1000], [2, 2, 1, 1]);
    return conv2d(image, filter, 1, "valid");
  });
  const [value] = await output.data();
  output.dispose();
  if (value !== 4321) throw new Error(`a test convolution gave ${value} instead of 4321`);
}
