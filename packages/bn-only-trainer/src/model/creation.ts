import { quoted } from "@bn-only/errors";
import type { ModelMetadata } from "./metadata.ts";

/** How the zoo makes the network of a model, for messages: shape, classes, seed and initialisation. */
export function creationOf(metadata: ModelMetadata): string {
  const { architecture, inputShape, classes, seed, initialization } = metadata;
  const options = [
    ...(inputShape ? [`inputShape: [${inputShape.join(", ")}]`] : []),
    `classes: ${classes}`,
    `seed: ${seed}`,
    `weights: "${initialization.weights}"`,
    `batchNorm: "${initialization.batchNorm}"`,
  ];
  return `createNetwork(${quoted(architecture)}, { ${options.join(", ")} }), or by loadModel`;
}

/** `28x28x1` */
export function sizeOf(shape: readonly number[]): string {
  return shape.join("x");
}
