import { getGradient, registerGradient } from "@tensorflow/tfjs-core";
import { broadcast } from "./broadcast.ts";
import { elementwise } from "./elementwise.ts";
import { asConfig } from "./gradient.ts";
import { reductions } from "./reductions.ts";
import { shapes } from "./shapes.ts";

const rules = [...elementwise, ...broadcast, ...shapes, ...reductions];

/** Names of the kernels that have a gradient here. */
export const gradientKernels: readonly string[] = rules.map(({ kernelName }) => kernelName);

/**
 * Registers gradients of common kernels with tfjs, which registers none in tfjs-core. One that is there, such as
 * those of `@tensorflow/tfjs`, stays.
 */
export function registerMissingGradients(): void {
  for (const rule of rules) {
    if (!getGradient(rule.kernelName)) registerGradient(asConfig(rule));
  }
}
