import type { StoredTensor } from "./safetensors.ts";

type Floats = StoredTensor & { readonly values: Float32Array };

/** `[out, in, height, width]` for a kernel of `[height, width, in, out]`. */
export function outputsFirstShape(shape: readonly number[]): readonly number[] {
  if (shape.length !== 4 && shape.length !== 2) return shape;
  return [...shape.slice(-2).toReversed(), ...shape.slice(0, -2)];
}

/** Kernels `[height, width, in, out]` as `[out, in, height, width]`, dense ones `[in, out]` as `[out, in]`; others as they are. */
export function outputsFirst(tensor: Floats): Floats {
  const { shape, values } = tensor;
  if (shape.length !== 4 && shape.length !== 2) return tensor;
  const turned = new Float32Array(values.length);
  eachWeight(shape, (last, first) => (turned[first] = values[last]!));
  return { shape: outputsFirstShape(shape), values: turned };
}

/** The other way round, for a tensor whose shape will be `shape`. */
export function outputsLast(shape: readonly number[], values: Float32Array): Float32Array {
  if (shape.length !== 4 && shape.length !== 2) return values;
  const turned = new Float32Array(values.length);
  eachWeight(shape, (last, first) => (turned[last] = values[first]!));
  return turned;
}

/** The positions of each number with its output last, as here, and first, as in PyTorch. */
function eachWeight(shape: readonly number[], visit: (last: number, first: number) => void): void {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const pixels = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  let last = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        visit(last++, (output * inputs + input) * pixels + pixel);
      }
    }
  }
}
