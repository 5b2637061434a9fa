import { type Tensor, grad, tidy } from "@tensorflow/tfjs-core";
import { assertFunction, assertOptions, assertSizes, assertTensor } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";
import { registerMissingGradients } from "../gradients/register.ts";
import type { Shape } from "../shape.ts";
import { defineLayer, type Layer, needsBackward } from "./layer.ts";

/** Options of `fromFunction`. */
export interface FromFunctionOptions {
  /** Shape of one output for one input, both without the batch. Default: the same. */
  readonly outputShape?: ((inputShape: Shape) => Shape) | undefined;
}

/**
 * A layer without parameters out of a plain tfjs function of the batch. Its gradient is taken by
 * tfjs's tape, inside this layer only: slower than a layer with a `backward` of its own. The tape runs the function again, so
 * that it has to give the same for the same batch: nothing random, such as dropout.
 *
 * tfjs-core alone registers no gradients. Those of arithmetic, comparisons, activations, reductions, shapes, `matMul` and `softmax` come
 * from here where nobody else has registered them; of others, `registerGradient` one, or import all of `@tensorflow/tfjs`.
 *
 * @throws FrozenLayersError from `backward` when a gradient is not registered.
 */
export function fromFunction(
  compute: (input: Tensor) => Tensor,
  options: FromFunctionOptions = {},
): Layer<Tensor> {
  assertOptions("fromFunction", options, { outputShape: true });
  const { outputShape = (shape: Shape): Shape => shape } = options;
  assertFunction("fromFunction: compute", compute);
  assertFunction("fromFunction: outputShape", outputShape);
  const apply = (input: Tensor): Tensor => {
    const output = compute(input);
    return output === input ? input.clone() : output;
  };
  const layer: Layer<Tensor> = defineLayer<Tensor>({
    kind: "fromFunction",
    outline(inputShape) {
      const shape = outputShape(inputShape);
      assertSizes("fromFunction: the result of outputShape", shape, "the shape of one output");
      return { outputShape: shape, macs: 0 };
    },

    forward(input, pass) {
      const output = tidy(() => apply(input));
      assertTensor(`fromFunction: what the function of "${layer.path}" returns`, output);
      if (needsBackward(layer, pass)) return { output, saved: input };
      input.dispose();
      return { output, saved: undefined };
    },

    backward(input, outputGradient) {
      registerMissingGradients();
      try {
        return grad(apply)(input, outputGradient);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new FrozenLayersError(
          `fromFunction: no gradient through "${layer.path}": ${reason.replace(/\.+$/, "")}. ` +
            `Register it by tfjs's registerGradient, or import "@tensorflow/tfjs", which registers all.`,
          { cause },
        );
      } finally {
        input.dispose();
        outputGradient.dispose();
      }
    },
  });
  return layer;
}
