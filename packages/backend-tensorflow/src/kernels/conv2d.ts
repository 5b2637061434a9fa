import type {
  conv2dFilterGradientOp,
  Conv2DGeometry,
  conv2dInputGradientOp,
  conv2dOp,
  Shape,
} from "@bn-only/frozen-layers";
import { crop, diagonalBlocks, surround, surroundedShape } from "@bn-only/frozen-layers/reference";
import { type Tensor, type Tensor4D, tensor1d, tidy } from "@tensorflow/tfjs-core";
import {
  attributes,
  type TensorflowAttribute,
  type TensorflowBackend,
  type TensorflowKernel,
} from "./backend.ts";

/** Conv2D of a dense filter. */
export const conv2dTensorflow: TensorflowKernel<typeof conv2dOp> = (
  { input, prepared },
  geometry,
  backend,
) => {
  const attrs = convolution(backend, geometry);
  return { output: backend.executeSingleOutput("Conv2D", attrs, [input, prepared]) };
};

/** Conv2DBackpropInput, which takes the filter as it is: not rotated. */
export const conv2dInputGradientTensorflow: TensorflowKernel<typeof conv2dInputGradientOp> = (
  { outputGradient, prepared },
  geometry,
  backend,
) => {
  const { margin, attrs } = gradientConvolution(backend, geometry);
  const surrounded = withShape(surroundedShape(geometry.inputShape, margin), (shape) =>
    backend.executeSingleOutput("Conv2DBackpropInput", attrs, [shape, prepared, outputGradient]),
  );
  return { inputGradient: crop(surrounded, margin) };
};

/** Conv2DBackpropFilter of the dense filter; of a grouped one, its diagonal blocks. */
export const conv2dFilterGradientTensorflow: TensorflowKernel<typeof conv2dFilterGradientOp> = (
  { input, outputGradient },
  geometry,
  backend,
) => {
  const { filterShape, groups } = geometry;
  const [kernelHeight, kernelWidth, channelsPerGroup, outputChannels] = filterShape;
  const dense = [kernelHeight, kernelWidth, channelsPerGroup * groups, outputChannels];
  const { margin, attrs } = gradientConvolution(backend, geometry);
  const surrounded = surround(input, margin, 0);
  const gradient = withShape(dense, (shape) =>
    backend.executeSingleOutput("Conv2DBackpropFilter", attrs, [surrounded, shape, outputGradient]),
  );
  surrounded.dispose();
  if (groups === 1) return { filterGradient: gradient };
  const blocks = tidy(() => diagonalBlocks(gradient as Tensor4D, groups));
  gradient.dispose();
  return { filterGradient: blocks };
};

/**
 * The convolution that a gradient is of: where its padding would be explicit, without padding and over
 * an input with a margin of zeros. On the CPU TensorFlow does not use oneDNN for gradients with
 * explicit padding: those of ImageNet-ResNet's strided convolutions took 2.5 times as long as the
 * forward pass, and with a margin 1.3 times.
 */
function gradientConvolution(
  backend: TensorflowBackend,
  geometry: Conv2DGeometry,
): { margin: number; attrs: TensorflowAttribute[] } {
  if (isSame(geometry) || backend.isUsingGpuDevice) {
    return { margin: 0, attrs: convolution(backend, geometry) };
  }
  return {
    margin: geometry.padding,
    attrs: convolution(backend, { ...geometry, padding: 0 }),
  };
}

/** Whether TensorFlow's padding SAME is the one that is meant. */
function isSame({ filterShape, stride, padding }: Conv2DGeometry): boolean {
  const [kernelHeight, kernelWidth] = filterShape;
  return stride === 1 && kernelHeight === kernelWidth && kernelHeight === 2 * padding + 1;
}

/**
 * TensorFlow's own paddings are faster than the same numbers given explicitly: on one CPU the input
 * gradient of a 3x3 convolution of 32x32x16 took a fifth of the time.
 */
function convolution(backend: TensorflowBackend, geometry: Conv2DGeometry): TensorflowAttribute[] {
  const { stride, padding } = geometry;
  const same = isSame(geometry);
  const explicit = !same && padding > 0;
  const sides = [padding, padding, padding, padding];
  return attributes(backend, {
    int: {
      strides: [1, stride, stride, 1],
      ...(explicit && { explicit_paddings: [0, 0, ...sides, 0, 0] }),
    },
    string: { padding: same ? "SAME" : explicit ? "EXPLICIT" : "VALID" },
  });
}

function withShape(shape: Shape, run: (shape: Tensor) => Tensor): Tensor {
  const sizes = tensor1d([...shape], "int32");
  const result = run(sizes);
  sizes.dispose();
  return result;
}
