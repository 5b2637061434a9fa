import { backend, type Tensor } from "@tensorflow/tfjs-core";

/** Has values computed that a backend may have put off. */
export function compute(tensor: Tensor): void {
  const { pointer } = backend() as unknown as { pointer?: (tensor: Tensor) => number };
  if (pointer) pointer.call(backend(), tensor);
  else tensor.dataSync();
}
