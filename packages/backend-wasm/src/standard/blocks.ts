import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { concat, copies, pad, slice, split } from "../kernels/copy.ts";
import { specialise } from "./specialise.ts";

const types = ["float32", "int32"];
const empty = ({ shape }: TensorInfo): boolean => util.sizeFromShape(shape) === 0;

/** Concat, pack, split, slice and pad of tensors of up to four dimensions. */
export function registerBlocks(backendName: string): void {
  specialise<TensorInfo[], { axis: number }>(
    "Concat",
    backendName,
    (backend, tensors, attributes) => {
      const inputs = Object.values(tensors);
      const axis = util.parseAxisParam(attributes.axis, inputs[0]!.shape)[0]!;
      const around = inputs.map(({ shape }) => `${shape.with(axis, 0)}`);
      const fit = new Set(around).size === 1 && inputs.length > 1;
      if (!fit || !inputs.every(copies) || inputs.some(empty)) return undefined;
      return concat(backend, inputs, axis);
    },
    types,
  );
  specialise<TensorInfo[], { axis: number }>(
    "Pack",
    backendName,
    (backend, tensors, { axis }) => {
      const inputs = Object.values(tensors);
      const alike = new Set(inputs.map(({ shape }) => String(shape))).size === 1;
      if (axis !== 0 || !alike || inputs.some(empty)) return undefined;
      const rows = inputs.map((input) => ({ ...input, shape: [1, ...input.shape] }));
      return rows.every(copies) ? concat(backend, rows, 0) : undefined;
    },
    types,
  );
  specialise<{ x: TensorInfo }, { numOrSizeSplits: number | number[]; axis: number }>(
    "SplitV",
    backendName,
    (backend, { x }, attributes) => {
      const axis = util.parseAxisParam(attributes.axis, x.shape)[0]!;
      const { numOrSizeSplits } = attributes;
      const like = x as Parameters<typeof backend_util.prepareSplitSize>[0];
      const sizes = backend_util.prepareSplitSize(like, numOrSizeSplits, axis);
      if (!copies(x) || sizes.includes(0)) return undefined;
      return split(backend, x, sizes, axis);
    },
    types,
  );
  specialise<{ x: TensorInfo }, { begin: number | number[]; size: number | number[] }>(
    "Slice",
    backendName,
    (backend, { x }, attributes) => {
      const like = x as Parameters<typeof slice_util.parseSliceParams>[0];
      const [begin, size] = slice_util.parseSliceParams(like, attributes.begin, attributes.size);
      slice_util.assertParamsValid(like, begin!, size!);
      if (!copies(x) || size!.includes(0)) return undefined;
      return slice(backend, x, begin!, size!);
    },
    types,
  );
  specialise<{ x: TensorInfo }, { paddings: [number, number][]; constantValue: number }>(
    "PadV2",
    backendName,
    (backend, { x }, { paddings, constantValue }) =>
      copies(x) && !empty(x) ? pad(backend, x, paddings, constantValue) : undefined,
  );
}
