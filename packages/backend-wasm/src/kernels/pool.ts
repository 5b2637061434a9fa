import type {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
  PoolGeometry,
} from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "./kernel.ts";
import type { Shape4D } from "./plan.ts";

// Host side of assembly/pool.ts.

const shapeOf = (tensor: TensorInfo): Shape4D => tensor.shape as unknown as Shape4D;

/** Sizes of input and output and the window, as the kernels take them. */
function sizes(
  [, height, width, channels]: Shape4D,
  [, outputHeight, outputWidth]: Shape4D,
  { size, stride, padding }: PoolGeometry,
): Record<
  | ("height" | "width" | "channels" | "outputHeight" | "outputWidth")
  | ("size" | "stride" | "padding"),
  number
> {
  return { height, width, channels, outputHeight, outputWidth, size, stride, padding };
}

const windowed =
  (kernel: "maxPool" | "averagePool"): WasmKernel<typeof maxPoolOp> =>
  ({ input }, geometry, backend) => {
    const inputShape = shapeOf(input);
    const [batch, height, width, channels] = inputShape;
    const windows = (length: number): number =>
      Math.floor((length + 2 * geometry.padding - geometry.size) / geometry.stride) + 1;
    const outputShape: Shape4D = [batch, windows(height), windows(width), channels];
    const output = backend.allocate(outputShape);
    const pointers = { input: backend.pointer(input), output: output.pointer };
    backend.run(kernel, batch, { ...pointers, ...sizes(inputShape, outputShape, geometry) });
    return { output: output.info };
  };

export const maxPool: WasmKernel<typeof maxPoolOp> = windowed("maxPool");
export const averagePool: WasmKernel<typeof averagePoolOp> = windowed("averagePool");

export const maxPoolGradient: WasmKernel<typeof maxPoolGradientOp> = (
  { outputGradient, input, output },
  geometry,
  backend,
) => {
  const gradient = backend.allocate(input.shape);
  backend.run("maxPoolGradient", input.shape[0]!, {
    outputGradient: backend.pointer(outputGradient),
    inputGradient: gradient.pointer,
    ...sizes(shapeOf(input), shapeOf(output), geometry),
    input: backend.pointer(input),
    output: backend.pointer(output),
  });
  return { inputGradient: gradient.info };
};

export const averagePoolGradient: WasmKernel<typeof averagePoolGradientOp> = (
  { outputGradient },
  geometry,
  backend,
) => {
  const inputShape = geometry.inputShape as Shape4D;
  const gradient = backend.allocate(inputShape);
  backend.run("averagePoolGradient", inputShape[0], {
    outputGradient: backend.pointer(outputGradient),
    inputGradient: gradient.pointer,
    ...sizes(inputShape, shapeOf(outputGradient), geometry),
  });
  return { inputGradient: gradient.info };
};

export const globalAveragePool: WasmKernel<typeof globalAveragePoolOp> = (
  { input },
  _attributes,
  backend,
) => {
  const [batch, height, width, channels] = shapeOf(input);
  const output = backend.allocate([batch, channels]);
  const pointers = { input: backend.pointer(input), output: output.pointer };
  backend.run("globalAveragePool", batch, { ...pointers, pixels: height * width, channels });
  return { output: output.info };
};

export const globalAveragePoolGradient: WasmKernel<typeof globalAveragePoolGradientOp> = (
  { outputGradient },
  { inputShape },
  backend,
) => {
  const [batch, height, width, channels] = inputShape as Shape4D;
  const gradient = backend.allocate(inputShape);
  backend.run("globalAveragePoolGradient", batch, {
    outputGradient: backend.pointer(outputGradient),
    inputGradient: gradient.pointer,
    pixels: height * width,
    channels,
  });
  return { inputGradient: gradient.info };
};
