import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { runOp } from "../kernels/run-op.ts";
import { sumOp } from "../ops/sum.ts";
import { formatShape } from "../shape.ts";
import { type BatchNormLayer, type BatchNormLayerSaved, isBatchNorm } from "./batch-norm.ts";
import { defineLayer, hasTrainable, type Layer, needsBackward } from "./layer.ts";
import { backwardChain, type ChainSaved, forwardChain, outlineChain } from "./sequential.ts";

export interface ResidualOptions {
  /** The layers of the block by name; the last one must be a `batchNorm`. */
  readonly body: Readonly<Record<string, Layer>>;
  /** The projection of the input. Default: the identity. */
  readonly shortcut?: Layer;
}

interface Saved {
  readonly body: ChainSaved;
  readonly join: BatchNormLayerSaved;
  readonly shortcut: unknown;
}

/**
 * `y = relu(bn(f(x)) + shortcut(x))` (He et al. 2015): the addition is fused into the last
 * BatchNorm of the body, before that layer's activation.
 *
 * @throws ShapeError when the body does not end in a BatchNorm, or body and shortcut differ in shape.
 */
export function residual({ body, shortcut }: ResidualOptions): Layer<Saved> {
  const layers = Object.values(body);
  const last = layers.pop();
  if (last === undefined || !isBatchNorm(last)) {
    throw new ShapeError(
      `residual: the body must end in a batchNorm, which takes the addition; it ends in ${last?.kind ?? "nothing"}.`,
    );
  }
  const join: BatchNormLayer = last;

  const layer: Layer<Saved> = defineLayer<Saved>({
    kind: "residual",
    children: shortcut ? { ...body, shortcut } : body,

    outline(inputShape) {
      const main = outlineChain([...layers, join], inputShape);
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
        ? shortcut.forward(input.clone(), pass)
        : { output: input.clone(), saved: undefined };
      const main = forwardChain(layers, input, pass);
      // The shortcut's gradient comes out of the join, so it runs backward wherever the block does.
      const joinPass = { ...pass, inputGradient: needsBackward(layer, pass) };
      const joined = join.forwardJoined(main.output, aside.output, joinPass);
      return {
        output: joined.output,
        saved: joined.saved && { body: main.saved, join: joined.saved, shortcut: aside.saved },
      };
    },

    backward(saved, outputGradient, pass) {
      const inputGradient = pass.inputGradient || layers.some(hasTrainable);
      const joined = join.backwardJoined(saved.join, outputGradient, {
        ...pass,
        inputGradient,
      });

      let side: Tensor | undefined;
      if (!shortcut) side = joined.residual;
      else if (pass.inputGradient || hasTrainable(shortcut)) {
        side = shortcut.backward(saved.shortcut, joined.residual, pass);
      } else joined.residual.dispose();

      const main = joined.input && backwardChain(layers, saved.body, joined.input, pass);
      if (!pass.inputGradient) {
        side?.dispose();
        return undefined;
      }
      return runOp(sumOp, { a: main!, b: side! }, {}).output;
    },
  });
  return layer;
}
