import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { assertOneOf, assertSameShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/** `relu`: max(x, 0); `relu6`: min(max(x, 0), 6); `sigmoid`: 1 / (1 + exp(−x)). */
export type ActivationKind = "relu" | "relu6" | "sigmoid";

export const activationKinds: readonly ActivationKind[] = ["relu", "relu6", "sigmoid"];

export type ActivationAttributes = { readonly kind: ActivationKind };

/** An activation on its own, of any shape. Owns its input. */
export const activationOp: Op<
  { readonly input: Tensor },
  ActivationAttributes,
  { readonly output: Tensor }
> = defineOp({
  name: "BnOnlyActivation",
  owns: ["input"],
  check({ input }, { kind }) {
    assertOneOf("activation:", kind, activationKinds);
    if (!input) throw new ShapeError("activation: expected an input, got none.");
  },
});

export type ActivationGradientInputs = {
  readonly outputGradient: Tensor;
  /** Of the forward pass: it tells the slope of all three. */
  readonly output: Tensor;
};

/** dLoss/dInput; the slope is 0 where the activation is at a bound. Owns the output gradient. */
export const activationGradientOp: Op<
  ActivationGradientInputs,
  ActivationAttributes,
  { readonly inputGradient: Tensor }
> = defineOp({
  name: "BnOnlyActivationGradient",
  owns: ["outputGradient"],
  check({ outputGradient, output }, { kind }) {
    assertOneOf("activationGradient:", kind, activationKinds);
    assertSameShape("activationGradient", outputGradient.shape, output.shape);
  },
});
