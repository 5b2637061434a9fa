import { show } from "@bn-only/errors";
import { tensor } from "@tensorflow/tfjs-core";
import { type BatchNormInit, batchNormInitializers } from "../initializers/batch-norm.ts";
import { biasUniform, type WeightInit, weightInitializers } from "../initializers/weights.ts";
import { type RandomStream, randomStream } from "../random/stream.ts";
import { assertFlag } from "../check.ts";
import { SelectorError } from "../errors.ts";
import { asOutOfMemory } from "../out-of-memory.ts";
import { assertOneOf, assertWhole, formatShape, type Shape } from "../shape.ts";
import { State } from "./state.ts";

const parameterRoles = [
  "bn.gamma",
  "bn.beta",
  "conv.kernel",
  "conv.bias",
  "shortcut.kernel",
  "head.kernel",
  "head.bias",
] as const;

/** What a parameter is for. Freezing, counting and saving go by role, never by name. */
export type ParameterRole = (typeof parameterRoles)[number];

/** Running statistics: state that training updates but no gradient reaches. */
export type StatisticRole = "bn.mean" | "bn.variance";

/** How a network's tensors are drawn from its seed under `init-v1`. */
export interface Initialization {
  /** Convolution and head kernels. Default `kaimingNormal`. */
  readonly weights: WeightInit;
  /** gamma and beta. Default `uniform`. */
  readonly batchNorm: BatchNormInit;
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
    assertFlag(`${this.path || this.name}: trainable`, trainable);
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
   * @param indices at least one, ascending and distinct, from 0 to `size − 1`
   * @throws SelectorError when they are not.
   */
  trainOnly(indices: Int32Array): void {
    this.assertPositions(indices);
    this.trainable = true;
    this.#trainableIndices = indices.slice();
  }

  /**
   * Checks positions, and changes nothing.
   *
   * @throws SelectorError unless `trainOnly` would take these positions.
   */
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
        `${this.path}: expected at least one of the positions from 0 to ${this.size - 1}, ascending, of the numbers that train, got ` +
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

  /** Sets a mean to 0, a variance to 1. */
  initialize(): void {
    const start = this.role === "bn.variance" ? 1 : 0;
    this.set(tensor(new Float32Array(this.size).fill(start), [...this.shape], "float32"));
  }
}
