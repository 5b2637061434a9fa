import type { Conv2DGeometry } from "@bn-only/frozen-layers";
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import {
  depthwise,
  depthwiseFilterSize,
  depthwiseGradient,
  planDepthwiseFilterGradient,
  prepareDepthwise,
} from "../kernels/depthwise.ts";
import { runJob, withMemory } from "../kernels/kernel.ts";
import type { Shape4D } from "../kernels/plan.ts";
import { specialise } from "./specialise.ts";

type Attributes = {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
};

interface Convolution {
  readonly inputShape: Shape4D;
  readonly outputShape: Shape4D;
  readonly geometry: Conv2DGeometry;
}

/** What our kernels can do of it: one stride, no dilation, as much padding above as at the left. */
function convolution(
  inputShape: readonly number[],
  [height, width, channels, times]: readonly number[],
  { strides, dilations, pad, dimRoundingMode }: Attributes,
): Convolution | undefined {
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    [height!, width!, channels!, times!],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  const { strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = info;
  const fits =
    strideHeight === strideWidth &&
    dilationHeight === 1 &&
    dilationWidth === 1 &&
    padInfo.top === padInfo.left;
  if (!fits) return undefined;
  const geometry: Conv2DGeometry = {
    filterShape: [height!, width!, 1, channels! * times!],
    stride: strideHeight,
    padding: padInfo.top,
    groups: channels!,
  };
  return {
    inputShape: inputShape as unknown as Shape4D,
    outputShape: info.outShape as unknown as Shape4D,
    geometry,
  };
}

/** Depthwise convolution and both gradients. A filter `[h, w, c, m]` lies as our `[h, w, 1, c · m]`. */
export function registerDepthwise(backendName: string): void {
  specialise<{ x: TensorInfo; filter: TensorInfo }, Attributes>(
    "DepthwiseConv2dNative",
    backendName,
    (backend, { x, filter }, attributes) => {
      const found = convolution(x.shape, filter.shape, attributes);
      if (!found) return undefined;
      const { inputShape, outputShape, geometry } = found;
      const output = backend.allocate(outputShape);
      withFilter(backend, filter, geometry, false, (packed) => {
        const pointers = { read: backend.pointer(x), filter: packed, written: output.pointer };
        runJob(backend, depthwise(pointers, inputShape, outputShape, geometry));
      });
      return output.info;
    },
  );
  specialise<{ dy: TensorInfo; filter: TensorInfo }, Attributes & { inputShape: number[] }>(
    "DepthwiseConv2dNativeBackpropInput",
    backendName,
    (backend, { dy, filter }, attributes) => {
      const found = convolution(attributes.inputShape, filter.shape, attributes);
      if (!found) return undefined;
      const { inputShape, outputShape, geometry } = found;
      const gradient = backend.allocate(inputShape);
      withFilter(backend, filter, geometry, true, (packed) => {
        const pointers = { read: backend.pointer(dy), filter: packed, written: gradient.pointer };
        runJob(backend, depthwiseGradient(pointers, outputShape, inputShape, geometry));
      });
      return gradient.info;
    },
  );
  specialise<{ x: TensorInfo; dy: TensorInfo }, Attributes & { filterShape: number[] }>(
    "DepthwiseConv2dNativeBackpropFilter",
    backendName,
    (backend, { x, dy }, attributes) => {
      const found = convolution(x.shape, attributes.filterShape, attributes);
      if (!found) return undefined;
      const { inputShape, outputShape, geometry } = found;
      const plan = planDepthwiseFilterGradient(inputShape, outputShape, geometry);
      const gradient = backend.allocate(attributes.filterShape);
      withMemory(backend, plan.slots * plan.slotBytes, (slots) => {
        const pointers = { input: backend.pointer(x), outputGradient: backend.pointer(dy), slots };
        runJob(backend, plan.sum(pointers));
        runJob(backend, plan.finish(slots, gradient.pointer));
      });
      return gradient.info;
    },
  );
}

/** Lends the packed filter. */
function withFilter(
  backend: WasmTrainingBackend,
  filter: TensorInfo,
  geometry: Conv2DGeometry,
  rotated: boolean,
  use: (packed: number) => void,
): void {
  withMemory(backend, 4 * depthwiseFilterSize(geometry), (packed) => {
    runJob(backend, prepareDepthwise(backend.pointer(filter), packed, geometry, rotated));
    use(packed);
  });
}
