import type { Tensor } from "@tensorflow/tfjs-core";
import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { defineOp, type Op } from "./op.ts";

/** Tensors that differ in their last dimension only, one behind the other along it. */
export const concatChannelsOp: Op<readonly Tensor[], object, { readonly output: Tensor }> =
  defineOp({
    name: "BnOnlyConcatChannels",
    check(inputs) {
      const first = inputs[0]?.shape ?? [];
      const fits = ({ shape }: Tensor): boolean =>
        shape.length === first.length &&
        shape.every((length, i) => i === shape.length - 1 || length === first[i]);
      if (first.length > 0 && inputs.every(fits)) return;
      throw new ShapeError(
        `concatChannels: expected tensors that differ in their last dimension only, got ` +
          `${inputs.map(({ shape }) => formatShape(shape)).join(" and ") || "none"}.`,
      );
    },
  });

/** The inverse of `concatChannels`: pieces of `sizes` channels each. */
export const splitChannelsOp: Op<
  { readonly input: Tensor },
  { readonly sizes: readonly number[] },
  readonly Tensor[]
> = defineOp({
  name: "BnOnlySplitChannels",
  check({ input }, { sizes }) {
    const sum = sizes.reduce((total, size) => total + size, 0);
    if (sum === input.shape.at(-1) && sizes.every((size) => Number.isInteger(size) && size > 0)) {
      return;
    }
    throw new ShapeError(
      `splitChannels: sizes ${formatShape(sizes)} do not add up to the ${input.shape.at(-1)} channels of ` +
        `${formatShape(input.shape)}.`,
    );
  },
});
