import { engine, keep, type KernelBackend, type Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { addBiasOp, biasGradientOp } from "../ops/bias.ts";
import {
  type Conv2DGeometry,
  conv2dFilterGradientOp,
  conv2dInputGradientOp,
  conv2dOp,
  conv2dOutputShape,
  prepareFilterOp,
  prepareRotatedFilterOp,
} from "../ops/conv2d.ts";
import { Parameter } from "../parameters/parameter.ts";
import { assertFlag, assertOptions } from "../check.ts";
import { assertOneOf, assertWhole, type Shape, sizeOf } from "../shape.ts";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/** Options of `conv2d`. Stride and padding are the same for height and width; there is no dilation. */
export interface Conv2DOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** One side of a square kernel, or `[height, width]`. Default 3. */
  readonly kernelSize?: number | readonly [number, number] | undefined;
  /** Default 1. */
  readonly stride?: number | undefined;
  /** Zeros on every side, as in PyTorch. Default 0. */
  readonly padding?: number | undefined;
  /** `inputChannels` for a depthwise convolution. Default 1. */
  readonly groups?: number | undefined;
  /** Default false. */
  readonly bias?: boolean | undefined;
  /** `shortcut` for the projection of a residual block. Default `conv`. */
  readonly role?: "conv" | "shortcut" | undefined;
}

const names = {
  inputChannels: true,
  outputChannels: true,
  kernelSize: true,
  stride: true,
  padding: true,
  groups: true,
  bias: true,
  role: true,
} as const;

function sidesOf(size: number | readonly [number, number]): readonly [number, number] {
  return Array.isArray(size) && size.length === 2
    ? (size as unknown as readonly [number, number])
    : [size as number, size as number];
}

interface Saved {
  readonly inputShape: Shape;
  /** Kept only while the kernel trains: a frozen convolution needs nothing of its input. */
  readonly input?: Tensor;
}

/**
 * A convolution, `[batch, height, width, inputChannels]` to
 * `[batch, outHeight, outWidth, outputChannels]`, with kernel
 * `[kernelHeight, kernelWidth, inputChannels / groups, outputChannels]`.
 *
 * While its kernel is frozen it saves no activation, and what the backend derives from the kernel
 * is made once and kept.
 *
 * @throws ShapeError when a size is not a whole number or the groups do not divide the channels.
 */
export function conv2d(options: Conv2DOptions): Layer<Saved> {
  assertOptions("conv2d", options, names);
  const { inputChannels, outputChannels, kernelSize = 3, role = "conv", bias = false } = options;
  const { stride = 1, padding = 0, groups = 1 } = options;
  const [kernelHeight, kernelWidth] = sidesOf(kernelSize);
  assertWhole("conv2d: kernelSize", kernelHeight, 1);
  assertWhole("conv2d: kernelSize", kernelWidth, 1);
  assertWhole("conv2d: inputChannels", inputChannels, 1);
  assertWhole("conv2d: outputChannels", outputChannels, 1);
  assertWhole("conv2d: stride", stride, 1);
  assertWhole("conv2d: padding", padding, 0);
  assertWhole("conv2d: groups", groups, 1);
  assertOneOf("conv2d: role", role, ["conv", "shortcut"]);
  assertFlag("conv2d: bias", bias);
  if (inputChannels % groups !== 0 || outputChannels % groups !== 0) {
    throw new ShapeError(
      `conv2d: groups (${groups}) must divide inputChannels (${inputChannels}) and outputChannels (${outputChannels}).`,
    );
  }

  const channelsPerGroup = inputChannels / groups;
  const geometry: Conv2DGeometry = {
    filterShape: [kernelHeight, kernelWidth, channelsPerGroup, outputChannels],
    stride,
    padding,
    groups,
  };
  const fanIn = kernelHeight * kernelWidth * channelsPerGroup;
  const kernel = new Parameter("kernel", `${role}.kernel`, geometry.filterShape, fanIn);
  const biasParameter = bias
    ? new Parameter("bias", "conv.bias", [outputChannels], fanIn)
    : undefined;
  const forwardFilter = derivedFilter(kernel, prepareFilterOp, geometry);
  const rotatedFilter = derivedFilter(kernel, prepareRotatedFilterOp, geometry);

  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "conv2d",
    options: {
      inputChannels,
      outputChannels,
      kernelSize: [kernelHeight, kernelWidth],
      stride,
      padding,
      groups,
      bias,
      role,
    },
    parameters: biasParameter ? [kernel, biasParameter] : [kernel],

    outline(inputShape) {
      const outputShape = conv2dOutputShape(inputShape, geometry, layer.path);
      return { outputShape, macs: sizeOf(outputShape) * fanIn };
    },

    forward(input, pass) {
      const inputShape = input.shape;
      conv2dOutputShape(inputShape.slice(1), geometry, layer.path);
      let output: Tensor = runOp(
        conv2dOp,
        { input, prepared: forwardFilter.get() },
        geometry,
      ).output;
      if (biasParameter) {
        ({ output } = runOp(addBiasOp, { input: output, bias: biasParameter.value }, {}));
      }
      if (!needsBackward(layer, pass)) {
        input.dispose();
        return { output, saved: undefined };
      }
      if (kernel.trainable) return { output, saved: { inputShape, input } };
      input.dispose();
      return { output, saved: { inputShape } };
    },

    backward({ inputShape, input }, outputGradient, pass) {
      if (input) {
        const { filterGradient } = runOp(
          conv2dFilterGradientOp,
          { input, outputGradient },
          geometry,
        );
        pass.gradients.set(kernel, filterGradient);
        input.dispose();
      }
      if (biasParameter?.trainable) {
        const { biasGradient } = runOp(biasGradientOp, { outputGradient }, {});
        pass.gradients.set(biasParameter, biasGradient);
      }
      const gradients = pass.inputGradient
        ? runOp(
            conv2dInputGradientOp,
            { outputGradient, prepared: rotatedFilter.get() },
            { ...geometry, inputShape },
          )
        : undefined;
      outputGradient.dispose();
      return gradients?.inputGradient;
    },

    dispose() {
      forwardFilter.dispose();
      rotatedFilter.dispose();
    },
  });
  return layer;
}

/**
 * A prepared filter that is made at first use, and again only after the kernel has moved or another
 * backend runs, which has a form of its own: one of the same name, too.
 */
function derivedFilter(
  kernel: Parameter,
  op: typeof prepareFilterOp,
  geometry: Conv2DGeometry,
): { get(): Tensor; dispose(): void } {
  let current: { prepared: Tensor; version: number; backend: KernelBackend } | undefined;
  const disposeCurrent = (): void => {
    current?.prepared.dispose();
    current = undefined;
  };
  return {
    get() {
      const { backend } = engine();
      if (current?.version !== kernel.version || current.backend !== backend) {
        const { prepared } = runOp(op, { filter: kernel.value }, geometry);
        disposeCurrent();
        current = { prepared: keep(prepared), version: kernel.version, backend };
      }
      return current.prepared;
    },
    dispose: disposeCurrent,
  };
}
