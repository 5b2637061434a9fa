import type { Tensor } from "@tensorflow/tfjs-core";
import type { Shape } from "../shape.ts";
import { assertChildren } from "./children.ts";
import {
  defineLayer,
  forwardThrough,
  hasTrainable,
  type Layer,
  type LayerOutline,
  type Pass,
} from "./layer.ts";

/**
 * Layers by name, one after the other. Names become parts of the parameters' paths.
 *
 * @throws FrozenLayersError for a whole number or a "/" as a name, and for a child that is no layer.
 */
export function sequential(children: Readonly<Record<string, Layer>>): Layer<ChainSaved> {
  assertChildren("sequential", children);
  const layers = Object.values(children);
  return defineLayer<ChainSaved>({
    kind: "sequential",
    options: {},
    children,
    outline: (inputShape) => outlineChain(layers, inputShape),
    forward: (input, pass) => forwardChain(layers, input, pass),
    backward: (saved, gradient, pass) => backwardChain(layers, saved, gradient, pass),
  });
}

/** What each layer of a chain saved, in order. */
export type ChainSaved = readonly unknown[];

export function outlineChain(layers: readonly Layer[], inputShape: Shape): LayerOutline {
  let outputShape = inputShape;
  let macs = 0;
  for (const layer of layers) {
    const outline = layer.outline(outputShape);
    outputShape = outline.outputShape;
    macs += outline.macs;
  }
  return { outputShape, macs };
}

export function forwardChain(
  layers: readonly Layer[],
  input: Tensor,
  pass: Pass,
): { output: Tensor; saved: ChainSaved } {
  let output = input;
  let trainableBelow = pass.inputGradient;
  const saved: unknown[] = [];
  for (const layer of layers) {
    const result = forwardThrough(layer, output, { ...pass, inputGradient: trainableBelow });
    output = result.output;
    saved.push(result.saved);
    trainableBelow ||= hasTrainable(layer);
  }
  return { output, saved };
}

/** Goes down to the lowest layer that has something to do, and no further. */
export function backwardChain(
  layers: readonly Layer[],
  saved: ChainSaved,
  outputGradient: Tensor,
  pass: Pass,
): Tensor | undefined {
  const lowest = pass.inputGradient ? 0 : layers.findIndex(hasTrainable);
  let gradient: Tensor | undefined = outputGradient;
  for (let i = layers.length - 1; i >= lowest; i--) {
    const inputGradient = pass.inputGradient || i > lowest;
    gradient = layers[i]!.backward(saved[i], gradient!, { ...pass, inputGradient });
  }
  return gradient;
}
