import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { sumOp } from "../ops/sum.ts";
import { assertOptions } from "../check.ts";
import { formatShape } from "../shape.ts";
import { type BatchNormLayer, type BatchNormLayerSaved, isBatchNorm } from "./batch-norm.ts";
import { assertChildren } from "./children.ts";
import {
  defineLayer,
  forwardThrough,
  hasTrainable,
  type Layer,
  type LayerOutput,
  needsBackward,
  observed,
  type Pass,
} from "./layer.ts";
import { backwardChain, type ChainSaved, forwardChain, outlineChain } from "./sequential.ts";

/** The two ways through `residual`, whose outputs must have one shape. */
export interface ResidualOptions {
  /** The layers of the block by name. */
  readonly body: Readonly<Record<string, Layer>>;
  /** The projection of the input. Default: the identity. */
  readonly shortcut?: Layer | undefined;
}

interface Saved {
  readonly body: ChainSaved;
  /** Of a BatchNorm that takes the addition. */
  readonly join: BatchNormLayerSaved | undefined;
  readonly shortcut: unknown;
}

/**
 * `y = f(x) + shortcut(x)` (He et al. 2015). Where the body ends in a BatchNorm, that one takes the
 * addition before its own activation: `relu(bn(f(x)) + shortcut(x))` as in ResNet, and without an
 * activation the linear bottleneck of MobileNetV2. Any other body, a convolution in a pre-activation
 * block, is added as it is; what follows is the next layer's affair.
 *
 * @throws ShapeError when the body is empty, or body and shortcut differ in shape.
 */
export function residual(options: ResidualOptions): Layer<Saved> {
  assertOptions("residual", options, { body: true, shortcut: true });
  const { body, shortcut } = options;
  assertChildren("residual", body);
  if (shortcut !== undefined) assertChildren("residual", { shortcut });
  if (shortcut && "shortcut" in body) {
    throw new ShapeError(`residual: the body has a layer named "shortcut" too. Call it otherwise.`);
  }
  const all = Object.values(body);
  const last = all.at(-1);
  if (last === undefined) throw new ShapeError("residual: expected a body of layers, got none.");
  const join: BatchNormLayer | undefined = isBatchNorm(last) ? last : undefined;
  const layers = join ? all.slice(0, -1) : all;

  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "residual",
    options: { shortcut: shortcut !== undefined },
    activation: join?.activation,
    children: shortcut ? { ...body, shortcut } : body,

    outline(inputShape) {
      const main = outlineChain(all, inputShape);
      const side = shortcut?.outline(inputShape) ?? { outputShape: inputShape, macs: 0 };
      if (formatShape(main.outputShape) !== formatShape(side.outputShape)) {
        throw new ShapeError(
          `residual: the body of "${layer.path}" gives ${formatShape(main.outputShape)}, its shortcut ` +
            `${formatShape(side.outputShape)}. Give it a shortcut that projects to the body's shape.`,
        );
      }
      return { outputShape: main.outputShape, macs: main.macs + side.macs };
    },

    forward(input, pass) {
      const aside = shortcut
        ? forwardThrough(shortcut, input.clone(), pass)
        : { output: input.clone(), saved: undefined };
      const main = forwardChain(layers, input, pass);
      const joined = add(main.output, aside.output, pass);
      if (!needsBackward(layer, pass)) return { output: joined.output, saved: undefined };
      return {
        output: joined.output,
        saved: { body: main.saved, join: joined.saved, shortcut: aside.saved },
      };
    },

    backward(saved, outputGradient, pass) {
      const inputGradient = pass.inputGradient || layers.some(hasTrainable);
      const gradients = join
        ? join.backwardJoined(saved.join!, outputGradient, { ...pass, inputGradient })
        : {
            input: inputGradient ? outputGradient.clone() : undefined,
            residual: outputGradient,
          };

      let side: Tensor | undefined;
      if (!shortcut) side = gradients.residual;
      else if (pass.inputGradient || hasTrainable(shortcut)) {
        side = shortcut.backward(saved.shortcut, gradients.residual, pass);
      } else gradients.residual.dispose();

      const main = gradients.input && backwardChain(layers, saved.body, gradients.input, pass);
      if (!pass.inputGradient) {
        side?.dispose();
        return undefined;
      }
      return runOp(sumOp, { a: main!, b: side! }, {}).output;
    },
  });

  function add(
    main: Tensor,
    side: Tensor,
    pass: Pass,
  ): LayerOutput<BatchNormLayerSaved | undefined> {
    if (!join) return { output: runOp(sumOp, { a: main, b: side }, {}).output, saved: undefined };
    // The shortcut's gradient comes out of the join, so it runs backward wherever the block does.
    const joinPass = { ...pass, inputGradient: needsBackward(layer, pass) };
    return observed(join, join.forwardJoined(main, side, joinPass), joinPass);
  }

  return layer;
}
