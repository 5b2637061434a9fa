import type { Tensor1D } from "@tensorflow/tfjs-core";
import { assertNumber, assertShape, assertWhole } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/** What `adamOp` takes and gives, `[size]` each, of all numbers that train. Both moments start at zero. */
export type AdamState = {
  readonly parameters: Tensor1D;
  readonly firstMoment: Tensor1D;
  readonly secondMoment: Tensor1D;
};

export type AdamInputs = AdamState & { readonly gradient: Tensor1D };

/** What a step of `adamOp` depends on besides its tensors: betas from 0 to below 1, the other numbers from 0. */
export type AdamAttributes = {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Whether the decay shrinks the parameters by itself (AdamW) or is part of the gradient (Adam). */
  readonly decoupled: boolean;
  /** From 1, for the bias corrections. */
  readonly step: number;
};

/**
 * One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019) over a flat vector:
 * `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
 * `parameters ← parameters − learningRate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)`; the decay is added
 * to `g` or, decoupled, `parameters` are multiplied by `1 − learningRate · weightDecay` before. The
 * same as `torch.optim.Adam` and `torch.optim.AdamW` when both moments start at zero.
 */
export const adamOp: Op<AdamInputs, AdamAttributes, AdamState> = defineOp({
  name: "BnOnlyAdam",
  check({ parameters: { shape }, firstMoment, secondMoment, gradient }, attributes) {
    const { step, learningRate, beta1, beta2, epsilon, weightDecay } = attributes;
    assertWhole("adam: step", step, 1);
    for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay })) {
      assertNumber(`adam: ${name}`, value, "from 0", (number) => number >= 0);
    }
    for (const [name, value] of Object.entries({ beta1, beta2 })) {
      assertNumber(`adam: ${name}`, value, "from 0 to below 1", (x) => x >= 0 && x < 1);
    }
    assertShape("adam", "firstMoment", firstMoment, shape);
    assertShape("adam", "secondMoment", secondMoment, shape);
    assertShape("adam", "gradient", gradient, shape);
  },
});
