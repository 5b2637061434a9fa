import { cast, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { assertFunction, assertOptions, assertTensor } from "./check.ts";
import { FrozenLayersError, SelectorError, ShapeError } from "./errors.ts";
import { batchNormInitializers } from "./initializers/batch-norm.ts";
import { weightInitializers } from "./initializers/weights.ts";
import { currentBackend } from "./kernels/backend.ts";
import { type Layer, type Pass, walk } from "./layers/layer.ts";
import { assertUnused } from "./layers/tree.ts";
import {
  assertDefinition,
  type NetworkDefinition,
  type NetworkOutline,
  outlineNetwork,
} from "./network-outline.ts";
import { drawValues } from "./parameters/draw.ts";
import { fingerprint } from "./parameters/fingerprint.ts";
import type { RunningStatistic, Initialization, Parameter } from "./parameters/parameter.ts";
import {
  isList,
  isPartial,
  select,
  type Selector,
  type TrainableSelection,
} from "./parameters/select.ts";
import { assertOneOf, formatShape, type Shape } from "./shape.ts";
import { disposingOnError } from "./transaction.ts";

/** What decides the values of a `Network`: the same options give the same layers the same bits. */
export interface NetworkOptions {
  /** How convolution and head kernels are drawn. Default `kaimingNormal`. */
  readonly weights?: Initialization["weights"] | undefined;
  /** How gamma and beta are drawn. Default `uniform`. */
  readonly batchNorm?: Initialization["batchNorm"] | undefined;
  /** A whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number | undefined;
}

/** The layer that a statistic belongs to. */
function partOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
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
  /** What all values were drawn from. */
  readonly seed: number;
  /** How they were drawn. */
  readonly initialization: Initialization;
  #disposed = false;

  /**
   * @throws ShapeError for an initialisation that does not exist; FrozenLayersError when the layers belong
   * to another network that was not disposed; OutOfMemoryError when its weights do not fit; and as
   * `outlineNetwork`.
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
      drawValues(this);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Whether `dispose` was called: its values are gone, and its layers may belong to another network. */
  get disposed(): boolean {
    return this.#disposed;
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
   * FrozenLayersError after `dispose`, as all other methods.
   */
  setTrainable(selection: TrainableSelection): void {
    this.#assertAlive();
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
    this.#assertAlive();
    const chosen = new Set(select(this.buffers, selector));
    const parts = new Set([...chosen].map(({ path }) => partOf(path)));
    for (const buffer of this.buffers) buffer.fixed = parts.has(partOf(buffer.path));
  }

  /**
   * Logits `[batch, classes]` of images `[batch, height, width, channels]` with running statistics.
   * Owns `images`, unless they are refused.
   *
   * @param observe told the output of every layer on the way; see `Pass`
   * @throws ShapeError for images of another shape; OutOfMemoryError when the batch is too large. Nothing
   * is left but what was there.
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
    const input = this.accept(images);
    try {
      return disposingOnError(() => this.layer.forward(input, pass).output as Tensor2D);
    } catch (error) {
      input.dispose();
      throw error;
    }
  }

  /**
   * Returns `images` if they fit, as float32: int32 and bool ones, as `tf.browser.fromPixels` gives, are
   * converted and disposed.
   *
   * @throws ShapeError when their shape is not `[batch, ...inputShape]`, or they are no numbers.
   */
  accept(images: Tensor): Tensor {
    this.#assertAlive();
    assertTensor(`${this.name}: images`, images);
    if (formatShape(images.shape.slice(1)) !== formatShape(this.inputShape)) {
      throw new ShapeError(
        `${this.name}: expected images of shape [batch,${this.inputShape.join(",")}], got ` +
          `${formatShape(images.shape)}.`,
      );
    }
    if (images.dtype === "float32") return images;
    try {
      return cast(images, "float32");
    } finally {
      images.dispose();
    }
  }

  /** SHA-256 over all that is frozen, in path order; see `fingerprint`. */
  async fingerprint(): Promise<string> {
    this.#assertAlive();
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

  /** Frees all values; what is disposed already stays so. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const layer of walk(this.layer)) layer.dispose();
    for (const state of [...this.parameters, ...this.buffers]) state.dispose();
  }

  #assertAlive(): void {
    if (!this.#disposed) return;
    throw new FrozenLayersError(
      `${this.name}: it was disposed, and its values are gone. Create another network, or dispose it later.`,
    );
  }
}
