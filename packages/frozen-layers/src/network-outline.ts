import { show } from "@bn-only/errors";
import { assertSizes, assertText } from "./check.ts";
import { FrozenLayersError, ShapeError } from "./errors.ts";
import { assertLayer } from "./layers/children.ts";
import { type Layer, walk } from "./layers/layer.ts";
import { assignPaths } from "./layers/tree.ts";
import type { Parameter, RunningStatistic } from "./parameters/parameter.ts";
import { assertWhole, formatShape, type Shape } from "./shape.ts";

/** Everything about a network but its numbers: those follow from a seed. */
export interface NetworkDefinition {
  /** The architecture's name, `cifar-resnet-14`. */
  readonly name: string;
  /** The outermost one: from images to logits. */
  readonly layer: Layer;
  /** `[height, width, channels]` */
  readonly inputShape: Shape;
  /** Logits for each image. */
  readonly classes: number;
}

/** What follows from a definition alone: tensors by path and shape, and the cost. */
export interface NetworkOutline {
  /** In the order in which the layers run. */
  readonly parameters: readonly Parameter[];
  /** Running means and variances, in the same order. */
  readonly buffers: readonly RunningStatistic[];
  /** Multiply-accumulate operations of one image's forward pass. */
  readonly macs: number;
}

/**
 * Gives every layer its path, checks that all shapes fit, and lists the parameters, without
 * allocating a tensor.
 *
 * @throws ShapeError when a layer does not fit the one before it; FrozenLayersError when a layer stands at
 * two places or a name cannot be a part of a path.
 */
export function outlineNetwork(definition: NetworkDefinition): NetworkOutline {
  assertDefinition(definition);
  const { name, layer, inputShape, classes } = definition;
  assignPaths(layer);
  const { outputShape, macs } = layer.outline(inputShape);
  if (formatShape(outputShape) !== formatShape([classes])) {
    throw new ShapeError(
      `${name}: expected ${classes} logits per image ([${classes}]), the layers give ` +
        `${formatShape(outputShape)}. End the network in dense({ inputs, outputs: ${classes} }).`,
    );
  }
  const layers = [...walk(layer)];
  return {
    parameters: layers.flatMap(({ parameters }) => parameters),
    buffers: layers.flatMap(({ buffers }) => buffers),
    macs,
  };
}

/** @throws FrozenLayersError or ShapeError for what is no definition. */
export function assertDefinition(definition: NetworkDefinition): void {
  if (typeof definition !== "object" || definition === null) {
    throw new FrozenLayersError(
      `Network: expected a definition { name, layer, inputShape, classes }, got ${show(definition)}.`,
    );
  }
  const { name, layer, inputShape, classes } = definition;
  assertText("Network: name", name);
  assertLayer(`${name}: layer`, layer);
  assertSizes(`${name}: inputShape`, inputShape, "[height, width, channels]");
  assertWhole(`${name}: classes`, classes, 1);
}
