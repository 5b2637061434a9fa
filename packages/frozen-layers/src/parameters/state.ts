import { engine, keep, type Tensor } from "@tensorflow/tfjs-core";
import { assertSizes, assertTensor, assertText } from "../check.ts";
import { FrozenLayersError, ShapeError } from "../errors.ts";
import { formatShape, sameShape, type Shape, sizeOf } from "../shape.ts";

/** A named tensor of a layer. The network gives it its path and its value. */
export class State<Role extends string> {
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
    this.assertFits(value);
    const previous = this.#value;
    this.#value = keep(value);
    this.#tensors = engine().state;
    this.version += 1;
    if (previous !== value) previous?.dispose();
  }

  /** @throws ShapeError, about `subject`, unless `set` would take this tensor. */
  assertFits(value: Tensor, subject = this.path || this.name): void {
    assertTensor(subject, value);
    if (value.dtype === "float32" && sameShape(value.shape, this.shape)) return;
    throw new ShapeError(
      `${subject}: expected a float32 tensor of shape ${formatShape(this.shape)}, got ` +
        `${value.dtype} ${formatShape(value.shape)}.`,
    );
  }

  /** Frees the tensor; reading the value throws from then on. */
  dispose(): void {
    this.#disposed ||= this.#value !== undefined;
    this.#value?.dispose();
    this.#value = undefined;
  }
}
