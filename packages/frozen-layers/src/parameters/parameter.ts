import { show } from "@bn-only/errors";
import { engine, type Tensor, keep, tensor } from "@tensorflow/tfjs-core";
import { type BatchNormInit, batchNormInitializers } from "../initializers/batch-norm.ts";
import { biasUniform, type WeightInit, weightInitializers } from "../initializers/weights.ts";
import { type RandomStream, randomStream } from "../random/stream.ts";
import { FrozenLayersError, SelectorError, ShapeError } from "../errors.ts";
import { asOutOfMemory } from "../out-of-memory.ts";
import { assertSizes, assertTensor, assertText } from "../check.ts";
import { assertOneOf, assertWhole, formatShape, sameShape, type Shape, sizeOf } from "../shape.ts";

/** What a parameter is for. Freezing, counting and saving go by role, never by name. */
export type ParameterRole =
  | "bn.gamma"
  | "bn.beta"
  | "conv.kernel"
  | "conv.bias"
  | "shortcut.kernel"
  | "head.kernel"
  | "head.bias";

const parameterRoles: readonly ParameterRole[] = [
  "bn.gamma",
  "bn.beta",
  "conv.kernel",
  "conv.bias",
  "shortcut.kernel",
  "head.kernel",
  "head.bias",
];

/** Running statistics: state that training updates but no gradient reaches. */
export type StatisticRole = "bn.mean" | "bn.variance";

/** How a network's tensors are drawn from its seed under `init-v1`. */
export interface Initialization {
  /** Convolution and head kernels. Default `kaimingNormal`. */
  readonly weights: WeightInit;
  /** gamma and beta. Default `uniform`. */
  readonly batchNorm: BatchNormInit;
}

/** A named tensor of a layer. The network gives it its path and its value. */
class State<Role extends string> {
  readonly name: string;
  readonly role: Role;
  readonly shape: Shape;
  /** `stage1/block2/bn1/gamma`; empty until the layer is part of a network. */
  path = "";
  /** Grows by one with every new value, so that what was derived from the old one is noticed. */
  version = 0;
  #value: Tensor | undefined;
  /** All tensors that tfjs knew when this one was among them: `tf.engine().reset()` forgets them. */
  #tensors: object | undefined;
  #disposed = false;

  constructor(name: string, role: Role, shape: Shape) {
    assertText("a parameter's name", name);
    assertText(`${name}: role`, role);
    assertSizes(`${name}: shape`, shape, "a list of lengths");
    this.name = name;
    this.role = role;
    this.shape = shape;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** Whether it belongs to a network that lives. */
  get hasValue(): boolean {
    return this.#value !== undefined;
  }

  /**
   * The current value; borrowed, never to be disposed by the reader.
   *
   * @throws FrozenLayersError before a network gives it one, after that network was disposed, and after
   * `tf.engine().reset()`.
   */
  get value(): Tensor {
    if (this.#value === undefined) {
      throw new FrozenLayersError(
        this.#disposed
          ? `${this.path || this.name}: its network was disposed. Build another one, or dispose it later.`
          : `${this.path || this.name}: has no value yet. Build a network of its layer first.`,
      );
    }
    if (this.#tensors !== engine().state) {
      throw new FrozenLayersError(
        `${this.path || this.name}: its numbers are gone, since tf.engine().reset() removes all tensors. ` +
          `Build the network again, and restore what was saved of it.`,
      );
    }
    return this.#value;
  }

  /**
   * Takes ownership of `value` and disposes the one before.
   *
   * @throws ShapeError when it is not float32 of this shape; it stays the caller's then.
   */
  set(value: Tensor): void {
    assertTensor(this.path || this.name, value);
    if (value.dtype !== "float32" || !sameShape(value.shape, this.shape)) {
      throw new ShapeError(
        `${this.path || this.name}: expected a float32 tensor of shape ${formatShape(this.shape)}, got ` +
          `${value.dtype} ${formatShape(value.shape)}.`,
      );
    }
    const previous = this.#value;
    this.#value = keep(value);
    this.#tensors = engine().state;
    this.version += 1;
    if (previous !== value) previous?.dispose();
  }

  dispose(): void {
    this.#disposed ||= this.#value !== undefined;
    this.#value?.dispose();
    this.#value = undefined;
  }
}

let trainability = 0;

/** Grows whenever a parameter starts or stops training, so that what follows from it is noticed. */
export function trainabilityVersion(): number {
  return trainability;
}

/** A tensor that gradients could train: as a whole, some of its numbers, or, at first, none. */
export class Parameter extends State<ParameterRole> {
  #trainable = false;
  #trainableIndices: Int32Array | undefined;
  /** Inputs that one output sums over; 1 for gamma and beta. */
  readonly fanIn: number;

  constructor(name: string, role: ParameterRole, shape: Shape, fanIn = 1) {
    super(name, role, shape);
    assertOneOf(`${name}: role`, role, parameterRoles);
    assertWhole(`${name}: fanIn`, fanIn, 1);
    this.fanIn = fanIn;
  }

  /** Whether any of it trains. */
  get trainable(): boolean {
    return this.#trainable;
  }

  /** All of it, or nothing. */
  set trainable(trainable: boolean) {
    if (trainable !== this.#trainable) trainability += 1;
    this.#trainable = trainable;
    this.#trainableIndices = undefined;
  }

  /** Which numbers train, by their row-major position; undefined where all or none do. */
  get trainableIndices(): Int32Array | undefined {
    return this.#trainableIndices;
  }

  /** How many numbers train. */
  get trainableSize(): number {
    if (!this.trainable) return 0;
    return this.#trainableIndices?.length ?? this.size;
  }

  /**
   * Trains the numbers at these positions and no others.
   *
   * @param indices ascending and distinct, from 0 to `size − 1`
   * @throws SelectorError when they are not.
   */
  trainOnly(indices: Int32Array): void {
    this.assertPositions(indices);
    this.trainable = true;
    this.#trainableIndices = indices.slice();
  }

  /** @throws SelectorError unless `trainOnly` would take these positions. */
  assertPositions(indices: Int32Array): void {
    if (!(indices instanceof Int32Array)) {
      throw new SelectorError(
        this.path,
        `${this.path}: expected an Int32Array of the positions that train, got ${show(indices)}.`,
      );
    }
    const fits = indices.every(
      (index, i) => index >= 0 && index < this.size && (i === 0 || index > indices[i - 1]!),
    );
    if (!fits || indices.length === 0) {
      throw new SelectorError(
        this.path,
        `${this.path}: expected ascending positions from 0 to ${this.size - 1} of the numbers that train, got ` +
          `[${indices.slice(0, 8).join(",")}${indices.length > 8 ? ",…" : ""}].`,
      );
    }
  }

  /**
   * The numbers that `(seed, path)` stands for.
   *
   * @throws OutOfMemoryError when there are too many.
   */
  initialValues(seed: number, initialization: Initialization): Float32Array {
    assertInitialization(initialization);
    const stream = randomStream(seed, this.path);
    try {
      return this.#draw(stream, initialization);
    } catch (error) {
      const shape = formatShape(this.shape);
      throw asOutOfMemory(error, `${this.path || this.name}: numbers of shape ${shape} do not fit`);
    }
  }

  #draw(stream: RandomStream, { weights, batchNorm }: Initialization): Float32Array {
    const { size, fanIn, role } = this;
    if (role === "bn.gamma") return batchNormInitializers[batchNorm].gamma(size, stream);
    if (role === "bn.beta") return batchNormInitializers[batchNorm].beta(size);
    if (role.endsWith(".bias")) return biasUniform({ size, fanIn, stream });
    return weightInitializers[weights]({ size, fanIn, stream });
  }

  /** Sets the value that `(seed, path)` stands for. */
  initialize(seed: number, initialization: Initialization): void {
    const values = this.initialValues(seed, initialization);
    this.set(tensor(values, [...this.shape], "float32"));
  }
}

function assertInitialization(initialization: Initialization): void {
  const { weights, batchNorm } = Object(initialization) as Partial<Initialization>;
  assertOneOf("initialization: weights", weights, Object.keys(weightInitializers));
  assertOneOf("initialization: batchNorm", batchNorm, Object.keys(batchNormInitializers));
}

/** A running statistic: mean starts at 0, variance at 1. */
export class RunningStatistic extends State<StatisticRole> {
  /** Whether training uses it as it is, in place of the batch's statistics, and leaves it alone. */
  fixed = false;

  /** Whether it is as `initialize` left it: no training has moved it, and no model was restored. */
  get fresh(): boolean {
    return this.version <= 1;
  }

  initialize(): void {
    const start = this.role === "bn.variance" ? 1 : 0;
    this.set(tensor(new Float32Array(this.size).fill(start), [...this.shape], "float32"));
  }
}
