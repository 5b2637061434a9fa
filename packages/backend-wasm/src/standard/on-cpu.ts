import type { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type {
  BackendValues,
  KernelFunc,
  NamedTensorInfoMap,
  TensorInfo,
  TypedArray,
} from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import type { NumericType } from "../memory/numbers.ts";
import { noteDetour } from "./detours.ts";

/**
 * A kernel of tfjs-backend-cpu as one of ours. It reads our tensors where they lie; its results are
 * copied into our memory, except those that are one of the inputs with another shape.
 */
export function onCpu(name: string, kernel: KernelFunc, cpu: MathBackendCPU): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    noteDetour(name);
    const wasm = backend as WasmTrainingBackend;
    /** Our inputs by the identifier that tfjs-backend-cpu gave them. */
    const originals = new Map<object, TensorInfo>();
    const lend = (tensor: TensorInfo | undefined): TensorInfo | undefined => {
      if (!tensor) return undefined;
      const values = isText(tensor) ? wasm.readSync(tensor.dataId) : wasm.view(tensor);
      const lent = cpu.makeTensorInfo(tensor.shape, tensor.dtype, values as TypedArray);
      originals.set(lent.dataId, tensor);
      return Object.assign(lent, { rank: tensor.shape.length }); // some read it, as of a Tensor
    };

    // Values that are not computed yet come first, as that may grow the memory under a view.
    mapTensors(inputs, (tensor) => {
      if (tensor && !isText(tensor)) wasm.pointer(tensor);
      return tensor;
    });
    const lent = mapTensors(inputs, lend);
    const result = kernel({ inputs: lent, attrs: attrs ?? {}, backend: cpu });
    const outputs = [result].flat().map((output) => {
      const original = originals.get(output.dataId);
      if (original?.dtype === output.dtype) return () => wasm.share(original, output.shape);
      const values = own(wasm, cpu.data.get(output.dataId).values!);
      return () => store(wasm, output, values);
    });
    const stored = outputs.map((make) => make());
    return Array.isArray(result) ? stored : stored[0]!;
  };
}

const isText = ({ dtype }: TensorInfo): boolean => dtype === "string";

/** A part of an input has to be copied before our memory grows. */
function own({ heap }: WasmTrainingBackend, values: BackendValues): BackendValues {
  return ArrayBuffer.isView(values) && heap.owns(values) ? values.slice() : values;
}

function store(
  wasm: WasmTrainingBackend,
  { shape, dtype }: TensorInfo,
  values: BackendValues,
): TensorInfo {
  if (dtype === "string") return { dataId: wasm.write(values, shape, dtype), shape, dtype };
  return wasm.store(values as TypedArray, shape, dtype as NumericType);
}

type Input = TensorInfo | undefined;

/** Inputs come by name, some names with a list, or as an array, for kernels that take any number of them. */
function mapTensors(inputs: NamedTensorInfoMap, map: (tensor: Input) => Input): NamedTensorInfoMap {
  if (Array.isArray(inputs)) return inputs.map(map) as unknown as NamedTensorInfoMap;
  const given = Object.entries(inputs) as [string, Input | TensorInfo[]][];
  const mapped = given.map(([name, input]) => [
    name,
    Array.isArray(input) ? input.map(map) : map(input),
  ]);
  return Object.fromEntries(mapped) as NamedTensorInfoMap;
}
