import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Parameter,
  type RunningStatistic,
  trainabilityVersion,
} from "../parameters/parameter.ts";
import { show } from "@bn-only/errors";
import { assertFunction, assertSizes, assertTensor, assertText } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";
import type { Shape } from "../shape.ts";
import { assertChildren, assertLayer } from "./children.ts";

// A layer computes forward and backward by hand; there is no gradient tape.
//
// Ownership: `forward` owns its input and `backward` owns `saved` and the output gradient. Each
// disposes what it was given at its last use or passes it on, and its caller owns what it returns.
// `parameters` and `buffers` are borrowed: a step puts gradients and new running statistics into
// the pass, and nothing of the layer changes before the step is committed as a whole.
//
// `backward` is called once for every recorded `forward` whose layer `needsBackward`, in reverse
// order, and never otherwise.

/** Where a layer stands in a step and what the step wants of it. */
export interface Pass {
  /** Which statistics normalise in BatchNorm: the batch's (training) or the running ones. */
  readonly statistics: "batch" | "running";
  /** Whether the running statistics move towards the batch's. */
  readonly updateStatistics: boolean;
  /** Whether `backward` will follow, so that what it needs must be saved. */
  readonly record: boolean;
  /** Whether the gradient with respect to this layer's input is wanted. */
  readonly inputGradient: boolean;
  /** dLoss/dParameter of the trainable parameters, filled by `backward`. */
  readonly gradients: Map<Parameter, Tensor>;
  /** New running statistics, filled by `forward`. */
  readonly statisticsUpdates: Map<RunningStatistic, Tensor>;
  /**
   * Told the output of every layer as it comes, activations and joins included, once for each forward
   * pass. The tensor is borrowed. Absent: nothing is looked at, and backends may defer or fuse it.
   */
  readonly observe?: ((layer: Layer, output: Tensor) => void) | undefined;
}

/** What `forward` gives; the caller owns it. */
export interface LayerOutput<Saved> {
  readonly output: Tensor;
  /** Exactly what this layer's `backward` needs; `undefined` when it will not be called. */
  readonly saved: Saved | undefined;
}

/** What a layer makes of one input shape, found without a tensor. */
export interface LayerOutline {
  /** Shape of one output, without the batch dimension. */
  readonly outputShape: Shape;
  /** Multiply-accumulate operations per image of convolutions and dense layers. */
  readonly macs: number;
}

/**
 * A part of a network that computes forward and backward by hand, without a gradient tape. `defineLayer`
 * makes one of the parts that it has.
 *
 * `forward` owns its input; `backward` owns `saved` and the output gradient. Each disposes what it was given at its
 * last use or passes it on, and its caller owns what it returns. Parameters and buffers are borrowed: gradients and
 * new running statistics go into the pass, and nothing of the layer changes meanwhile.
 */
export interface Layer<Saved = unknown> {
  /** The name of the factory: `conv2d`, `batchNorm`, … */
  readonly kind: string;
  /** `stage1/block2/conv1`; given by the network. */
  path: string;
  /** Of this layer alone, not of its children; the same holds for the buffers. */
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly RunningStatistic[];
  /** What the layer's output went through last, where that bounds it from below. */
  readonly activation?: "relu" | "relu6" | undefined;
  /**
   * What the factory was told, defaults included. Where it is there, the layer can be made again from its kind,
   * this and its children; see `describeLayer`.
   */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Inner layers by name, in the order in which they run. */
  readonly children: Readonly<Record<string, Layer>>;
  /** Checks the shape of one input, without the batch dimension, and tells that of the output. */
  outline(inputShape: Shape): LayerOutline;
  /** The output of a batch of inputs, and what `backward` will need of it. */
  forward(input: Tensor, pass: Pass): LayerOutput<Saved>;
  /** dLoss/dInput when `pass.inputGradient`, `undefined` otherwise. */
  backward(saved: Saved, outputGradient: Tensor, pass: Pass): Tensor | undefined;
  /** Frees what was derived from parameters. */
  dispose(): void;
}

type LayerParts<Saved> = Pick<Layer<Saved>, "kind" | "outline" | "forward" | "backward"> &
  Partial<Layer<Saved>>;

/**
 * Completes a layer that has no inner layers, no state or nothing to free. What `outline` and `forward`
 * are given is checked to be a shape and a tensor.
 *
 * @throws FrozenLayersError when a part is missing, or none that a layer has.
 */
export function defineLayer<Saved>(parts: LayerParts<Saved>): Layer<Saved> {
  assertParts(parts);
  const { kind, outline, forward, backward } = parts;
  const layer: Layer<Saved> = {
    path: "",
    parameters: [],
    buffers: [],
    children: {},
    dispose: () => {},
    ...parts,
    outline(inputShape) {
      assertSizes(`${kind}: the shape of one input`, inputShape, "a list of lengths");
      const told = outline(inputShape);
      assertSizes(
        `${kind}: outputShape of what outline returns`,
        told?.outputShape,
        "a list of lengths",
      );
      return told;
    },
    forward(input, pass) {
      assertTensor(`${kind}: input${named(layer)}`, input);
      const result = forward(input, pass);
      assertTensor(`${kind}: output of what forward${named(layer)} returns`, result?.output);
      return result;
    },
    backward(saved, outputGradient, pass) {
      assertTensor(`${kind}: gradient of the output${named(layer)}`, outputGradient);
      return backward(saved, outputGradient, pass);
    },
  };
  return layer;
}

/** Which one of its kind, where a network has given it a path. */
function named({ path }: Layer): string {
  return path === "" ? "" : ` of "${path}"`;
}

function assertParts(parts: unknown): void {
  const { kind, outline, forward, backward, parameters, buffers, children, dispose } = Object(
    parts,
  ) as Record<string, unknown>;
  assertText("defineLayer: kind", kind);
  const functions = { outline, forward, backward, ...(dispose !== undefined && { dispose }) };
  for (const [name, value] of Object.entries(functions))
    assertFunction(`${kind as string}: ${name}`, value);
  for (const [name, value] of Object.entries({ parameters, buffers })) {
    if (value === undefined || Array.isArray(value)) continue;
    throw new FrozenLayersError(`${kind as string}: ${name} must be a list, got ${show(value)}.`);
  }
  if (children !== undefined) assertChildren(kind as string, children as Layer["children"]);
}

/** Runs a layer inside another one: the one place where its output can be observed. */
export function forwardThrough<Saved>(
  layer: Layer<Saved>,
  input: Tensor,
  pass: Pass,
): LayerOutput<Saved> {
  assertLayer("forwardThrough: the layer", layer);
  return observed(layer, layer.forward(input, pass), pass);
}

/** Shows what a layer gave to whoever observes the pass. A layer without a path is none of the network's. */
export function observed<Saved>(
  layer: Layer<Saved>,
  result: LayerOutput<Saved>,
  pass: Pass,
): LayerOutput<Saved> {
  if (pass.observe && layer.path !== "") pass.observe(layer as Layer, result.output);
  return result;
}

const trainableInside = new WeakMap<Layer, { version: number; value: boolean }>();

/** Whether anything of a layer trains; found once after each change of what trains. */
export function hasTrainable(layer: Layer): boolean {
  assertLayer("hasTrainable: the layer", layer);
  const known = trainableInside.get(layer);
  const version = trainabilityVersion();
  if (known?.version === version) return known.value;
  const value =
    layer.parameters.some((parameter) => parameter.trainable) ||
    Object.values(layer.children).some(hasTrainable);
  trainableInside.set(layer, { version, value });
  return value;
}

/** Whether `backward` of this layer has anything to do in this pass. */
export function needsBackward(layer: Layer, pass: Pass): boolean {
  if (typeof pass?.record !== "boolean") {
    throw new FrozenLayersError(
      `needsBackward: expected a pass, such as trainingPass(), got ${show(pass)}.`,
    );
  }
  return pass.record && (pass.inputGradient || hasTrainable(layer));
}

/** Every layer of the tree, parents first, in the order in which they run. */
export function* walk(layer: Layer): Generator<Layer> {
  assertLayer("walk: the layer", layer);
  yield layer;
  for (const child of Object.values(layer.children)) yield* walk(child);
}
