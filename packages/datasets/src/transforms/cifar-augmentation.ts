import { cropWithPadding } from "./crop-with-padding.ts";
import { horizontalFlip } from "./horizontal-flip.ts";
import type { Transform } from "./transform.ts";

/**
 * What CIFAR-10 is trained with: a flip with probability 1/2, then a crop with 4 pixels of black
 * padding (He et al. 2015, section 4.2, https://arxiv.org/abs/1512.03385). The two do not commute bit
 * for bit, so the order is fixed.
 */
export const cifarAugmentation: readonly Transform[] = [
  horizontalFlip(),
  cropWithPadding({ padding: 4 }),
];
