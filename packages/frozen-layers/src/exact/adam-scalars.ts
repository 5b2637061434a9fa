import type { AdamAttributes } from "../ops/adam.ts";
import { wholePower } from "./whole-power.ts";

/** What a step of Adam multiplies by, the same on every backend and in every engine. */
export interface AdamScalars {
  /** `learningRate / (1 − β₁ᵗ)` */
  readonly rate: number;
  /** `1 / √(1 − β₂ᵗ)`, of √v */
  readonly correction: number;
  /** Of the parameters before: AdamW's decay. */
  readonly shrink: number;
  /** Of the parameters, added to the gradient: Adam's. */
  readonly decay: number;
}

/**
 * The factors of one step of `adamOp`, in float64. Powers are made by multiplying, so that every engine gives
 * the same bits. `step` counts from 1. Nothing is checked: `adamOp` has done it.
 */
export function adamScalars({
  learningRate,
  beta1,
  beta2,
  weightDecay,
  decoupled,
  step,
}: AdamAttributes): AdamScalars {
  return {
    rate: learningRate / (1 - wholePower(beta1, step)),
    correction: 1 / Math.sqrt(1 - wholePower(beta2, step)),
    shrink: decoupled ? 1 - learningRate * weightDecay : 1,
    decay: decoupled ? 0 : weightDecay,
  };
}
