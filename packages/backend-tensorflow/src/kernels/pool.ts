import type {
  averagePoolGradientOp,
  averagePoolOp,
  globalAveragePoolGradientOp,
  globalAveragePoolOp,
  maxPoolGradientOp,
  maxPoolOp,
  PoolGeometry,
} from "@bn-only/frozen-layers";
import { crop, surround, surroundedShape } from "@bn-only/frozen-layers/reference";
import { div, reshape, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { attributes, type TensorflowBackend, type TensorflowKernel } from "./backend.ts";

/** MaxPool; its explicit padding counts as −∞. */
export const maxPoolTensorflow: TensorflowKernel<typeof maxPoolOp> = (
  { input },
  geometry,
  backend,
) => {
  const attrs = maxPoolAttributes(backend, geometry);
  return { output: backend.executeSingleOutput("MaxPool", attrs, [input]) };
};

/** MaxPoolGrad, which gives each gradient to the first largest value of its window. */
export const maxPoolGradientTensorflow: TensorflowKernel<typeof maxPoolGradientOp> = (
  { outputGradient, input, output },
  geometry,
  backend,
) => {
  const attrs = maxPoolAttributes(backend, geometry);
  const inputs = [input, output, outputGradient];
  return { inputGradient: backend.executeSingleOutput("MaxPoolGrad", attrs, inputs) };
};

/** AvgPool leaves padding out of the mean, so the zeros are put there before. */
export const averagePoolTensorflow: TensorflowKernel<typeof averagePoolOp> = (
  { input },
  geometry,
  backend,
) => {
  const padded = surround(input, geometry.padding, 0);
  const attrs = averagePoolAttributes(backend, geometry);
  const output = backend.executeSingleOutput("AvgPool", attrs, [padded]);
  padded.dispose();
  return { output };
};

/** AvgPoolGrad of the padded input, without its margin. */
export const averagePoolGradientTensorflow: TensorflowKernel<typeof averagePoolGradientOp> = (
  { outputGradient },
  { size, stride, padding, inputShape },
  backend,
) => {
  const shape = tensor1d(surroundedShape(inputShape, padding), "int32");
  const attrs = averagePoolAttributes(backend, { size, stride });
  const padded = backend.executeSingleOutput("AvgPoolGrad", attrs, [shape, outputGradient]);
  shape.dispose();
  return { inputGradient: crop(padded, padding) };
};

/** Mean over height and width. */
export const globalAveragePoolTensorflow: TensorflowKernel<typeof globalAveragePoolOp> = (
  { input },
  _attributes,
  backend,
) => {
  const axes = tensor1d([1, 2], "int32");
  const attrs = attributes(backend, {
    type: { T: "float32", Tidx: "int32" },
    bool: { keep_dims: false },
  });
  const output = backend.executeSingleOutput("Mean", attrs, [input, axes]);
  axes.dispose();
  return { output };
};

/** Each image's share, repeated: BroadcastTo, which is faster than AvgPoolGrad. */
export const globalAveragePoolGradientTensorflow: TensorflowKernel<
  typeof globalAveragePoolGradientOp
> = ({ outputGradient }, { inputShape }, backend) => {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  return {
    inputGradient: tidy(() => {
      const share = reshape(div(outputGradient, height * width), [batch, 1, 1, channels]);
      const attrs = attributes(backend, { type: { T: "float32", Tidx: "int32" } });
      const shape = tensor1d([...inputShape], "int32");
      return backend.executeSingleOutput("BroadcastTo", attrs, [share, shape]);
    }),
  };
};

function averagePoolAttributes(
  backend: TensorflowBackend,
  { size, stride }: Pick<PoolGeometry, "size" | "stride">,
) {
  return attributes(backend, {
    type: { T: "float32" },
    int: { ksize: [1, size, size, 1], strides: [1, stride, stride, 1] },
    string: { padding: "VALID", data_format: "NHWC" },
  });
}

function maxPoolAttributes(backend: TensorflowBackend, { size, stride, padding }: PoolGeometry) {
  const sides = [padding, padding, padding, padding];
  return attributes(backend, {
    type: { T: "float32" },
    int: {
      ksize: [1, size, size, 1],
      strides: [1, stride, stride, 1],
      explicit_paddings: padding === 0 ? [] : [0, 0, ...sides, 0, 0],
    },
    string: { padding: padding === 0 ? "VALID" : "EXPLICIT", data_format: "NHWC" },
  });
}
