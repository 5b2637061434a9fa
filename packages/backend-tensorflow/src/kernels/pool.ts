import { type Tensor, div, reshape, tensor1d, tidy } from "@tensorflow/tfjs-core";
import type { Shape } from "@bn-only/frozen-layers";
import {
  crop,
  type MaxPoolGradientInputs,
  type PoolGeometry,
  type PoolGradientInputs,
  type PoolInputs,
  surround,
  surroundedShape,
} from "@bn-only/frozen-layers/reference";
import { attributes, type TensorflowBackend } from "./backend.ts";

type Sized = { readonly inputShape: Shape };

/** MaxPool; its explicit padding counts as −∞. */
export function maxPoolTensorflow(
  { input }: PoolInputs,
  geometry: PoolGeometry,
  backend: TensorflowBackend,
): Tensor[] {
  return [backend.executeSingleOutput("MaxPool", maxPoolAttributes(backend, geometry), [input])];
}

/** MaxPoolGrad, which gives each gradient to the first largest value of its window. */
export function maxPoolGradientTensorflow(
  { outputGradient, input, output }: MaxPoolGradientInputs,
  geometry: PoolGeometry,
  backend: TensorflowBackend,
): Tensor[] {
  const attrs = maxPoolAttributes(backend, geometry);
  return [backend.executeSingleOutput("MaxPoolGrad", attrs, [input, output, outputGradient])];
}

/** AvgPool leaves padding out of the mean, so the zeros are put there before. */
export function averagePoolTensorflow(
  { input }: PoolInputs,
  geometry: PoolGeometry,
  backend: TensorflowBackend,
): Tensor[] {
  const padded = surround(input, geometry.padding, 0);
  const attrs = averagePoolAttributes(backend, geometry);
  const output = backend.executeSingleOutput("AvgPool", attrs, [padded]);
  padded.dispose();
  return [output];
}

/** AvgPoolGrad of the padded input, without its margin. */
export function averagePoolGradientTensorflow(
  { outputGradient }: PoolGradientInputs,
  { size, stride, padding, inputShape }: PoolGeometry & Sized,
  backend: TensorflowBackend,
): Tensor[] {
  const shape = tensor1d(surroundedShape(inputShape, padding), "int32");
  const attrs = averagePoolAttributes(backend, { size, stride });
  const padded = backend.executeSingleOutput("AvgPoolGrad", attrs, [shape, outputGradient]);
  shape.dispose();
  return [crop(padded, padding)];
}

/** Mean over height and width. */
export function globalAveragePoolTensorflow(
  { input }: PoolInputs,
  _attributes: object,
  backend: TensorflowBackend,
): Tensor[] {
  const axes = tensor1d([1, 2], "int32");
  const attrs = attributes(backend, {
    type: { T: "float32", Tidx: "int32" },
    bool: { keep_dims: false },
  });
  const output = backend.executeSingleOutput("Mean", attrs, [input, axes]);
  axes.dispose();
  return [output];
}

/** Each image's share, repeated: BroadcastTo, which is faster than AvgPoolGrad. */
export function globalAveragePoolGradientTensorflow(
  { outputGradient }: PoolGradientInputs,
  { inputShape }: Sized,
  backend: TensorflowBackend,
): Tensor[] {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  return [
    tidy(() => {
      const share = reshape(div(outputGradient, height * width), [batch, 1, 1, channels]);
      const attrs = attributes(backend, { type: { T: "float32", Tidx: "int32" } });
      const shape = tensor1d([...inputShape], "int32");
      return backend.executeSingleOutput("BroadcastTo", attrs, [share, shape]);
    }),
  ];
}

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
