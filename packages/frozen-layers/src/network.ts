import { show } from "@bn-only/errors";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { assertOptions, assertSizes, assertFunction, assertTensor, assertText } from "./check.ts";
import { FrozenLayersError, SelectorError, ShapeError } from "./errors.ts";
import { batchNormInitializers } from "./initializers/batch-norm.ts";
import { weightInitializers } from "./initializers/weights.ts";
import { currentBackend } from "./kernels/backend.ts";
import { assertLayer } from "./layers/children.ts";
import { type Layer, type Pass, walk } from "./layers/layer.ts";
import { assignPaths, assertUnused } from "./layers/tree.ts";
import { disposingOnError } from "./transaction.ts";
import { fingerprint } from "./parameters/fingerprint.ts";
import type { RunningStatistic, Initialization, Parameter } from "./parameters/parameter.ts";
import {
  isList,
  isPartial,
  select,
  type Selector,
  type TrainableSelection,
} from "./parameters/select.ts";
import { assertOneOf, assertWhole, formatShape, type Shape } from "./shape.ts";

/** Everything about a network but its numbers: those follow from a seed. */
export interface NetworkDefinition {
  /** The architecture's name, `cifar-resnet-14`. */
  readonly name: string;
  readonly layer: Layer;
  /** `[height, width, channels]` */
  readonly inputShape: Shape;
  readonly classes: number;
}

export interface NetworkOutline {
  /** In the order in which the layers run. */
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly RunningStatistic[];
  /** Multiply-accumulate operations of one image's forward pass. */
  readonly macs: number;
}

export interface NetworkOptions extends Partial<Initialization> {
  /** A whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
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

function assertDefinition(definition: NetworkDefinition): void {
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

/** The layer that a statistic belongs to. */
function partOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/**
 * A network with values, drawn from its seed under `init-v1`. Everything is frozen until
 * `setTrainable` says otherwise. Holds tensors of the current backend until `dispose`.
 */
export class Network implements NetworkDefinition, NetworkOutline {
  readonly name: string;
  readonly layer: Layer;
  readonly inputShape: Shape;
  readonly classes: number;
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly RunningStatistic[];
  readonly macs: number;
  readonly seed: number;
  readonly initialization: Initialization;

  /**
   * @throws ShapeError for an initialisation that does not exist; FrozenLayersError when the layers belong
   * to another network that was not disposed; and as `outlineNetwork`.
   */
  constructor(definition: NetworkDefinition, options: NetworkOptions = {}) {
    assertOptions("Network", options, { seed: true, weights: true, batchNorm: true });
    assertDefinition(definition);
    currentBackend();
    const { seed = 0, weights = "kaimingNormal", batchNorm = "uniform" } = options;
    assertOneOf("Network: weights", weights, Object.keys(weightInitializers));
    assertOneOf("Network: batchNorm", batchNorm, Object.keys(batchNormInitializers));
    assertUnused(definition.name, definition.layer);
    const { parameters, buffers, macs } = outlineNetwork(definition);
    this.name = definition.name;
    this.layer = definition.layer;
    this.inputShape = definition.inputShape;
    this.classes = definition.classes;
    this.parameters = parameters;
    this.buffers = buffers;
    this.macs = macs;
    this.seed = seed;
    this.initialization = { weights, batchNorm };
    try {
      for (const parameter of parameters) parameter.initialize(seed, this.initialization);
      for (const buffer of buffers) buffer.initialize();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The parameters that a training step moves, in the order in which the layers run. */
  get trainable(): Parameter[] {
    return this.parameters.filter((parameter) => parameter.trainable);
  }

  /**
   * Freezes everything but what the selection names: roles, paths, functions, lists of them, or
   * `{ select, indices }` for some numbers of each parameter. The last one to name a parameter wins.
   *
   * @throws SelectorError when a member names nothing or positions do not fit; nothing has changed then.
   */
  setTrainable(selection: TrainableSelection): void {
    const chosen = new Map<Parameter, Int32Array | undefined>();
    this.#choose(selection, chosen);
    for (const parameter of this.parameters) {
      const indices = chosen.get(parameter);
      if (indices) parameter.trainOnly(indices);
      else parameter.trainable = chosen.has(parameter);
    }
  }

  #choose(selection: TrainableSelection, chosen: Map<Parameter, Int32Array | undefined>): void {
    if (isPartial(selection)) {
      if (typeof selection.indices !== "function") {
        throw new SelectorError(
          "indices",
          "setTrainable: indices must be a function of the parameter.",
        );
      }
      for (const parameter of select(this.parameters, selection.select)) {
        const indices = selection.indices(parameter);
        parameter.assertPositions(indices);
        chosen.set(parameter, indices);
      }
    } else if (isList<TrainableSelection>(selection)) {
      for (const member of selection) this.#choose(member, chosen);
    } else {
      for (const parameter of select(this.parameters, selection)) chosen.set(parameter, undefined);
    }
  }

  /**
   * Makes the running statistics that `selector` names stand still, and all others follow the data
   * again: BatchNorms that normalise with them in training too, whatever else trains. `bn` names all
   * of them, `stage1/**` those of a part; the empty list, the default, none.
   */
  fixStatistics(selector: Selector<RunningStatistic> = []): void {
    const chosen = new Set(select(this.buffers, selector));
    const parts = new Set([...chosen].map(({ path }) => partOf(path)));
    for (const buffer of this.buffers) buffer.fixed = parts.has(partOf(buffer.path));
  }

  /**
   * Logits `[batch, classes]` of images `[batch, height, width, channels]` with running statistics.
   * Owns `images`.
   *
   * @param observe told the output of every layer on the way; see `Pass`
   */
  predict(images: Tensor, observe?: Pass["observe"]): Tensor2D {
    if (observe !== undefined) assertFunction(`${this.name}: observe`, observe);
    const pass: Pass = {
      observe,
      statistics: "running",
      updateStatistics: false,
      record: false,
      inputGradient: false,
      gradients: new Map(),
      statisticsUpdates: new Map(),
    };
    this.accept(images);
    return disposingOnError(() => this.layer.forward(images, pass).output as Tensor2D);
  }

  /**
   * Returns `images` if they fit.
   *
   * @throws ShapeError when their shape is not `[batch, ...inputShape]`.
   */
  accept(images: Tensor): Tensor {
    assertTensor(`${this.name}: images`, images);
    if (formatShape(images.shape.slice(1)) !== formatShape(this.inputShape)) {
      throw new ShapeError(
        `${this.name}: expected images of shape [batch,${this.inputShape.join(",")}], got ` +
          `${formatShape(images.shape)}.`,
      );
    }
    return images;
  }

  /** SHA-256 over all that is frozen, in path order; see `fingerprint`. */
  fingerprint(): Promise<string> {
    const frozen = this.parameters.filter(
      ({ trainable, trainableIndices }) => !trainable || trainableIndices,
    );
    const trained = frozen.map(({ path, trainableIndices }) => [path, trainableIndices] as const);
    return fingerprint(
      frozen,
      new Map(trained.filter(([, indices]) => indices !== undefined)) as ReadonlyMap<
        string,
        Int32Array
      >,
    );
  }

  dispose(): void {
    for (const layer of walk(this.layer)) layer.dispose();
    for (const state of [...this.parameters, ...this.buffers]) state.dispose();
  }
}
