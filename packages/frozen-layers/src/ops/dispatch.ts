import {
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorMap,
  type Tensor,
  engine,
  getBackend,
  getKernel,
  registerKernel,
} from "@tensorflow/tfjs-core";

// An op borrows its inputs and returns tensors that its caller owns, as tfjs ops do.
//
// Its reference is written in plain tfjs ops, runs on every backend and is the definition that
// other kernels are checked against. A kernel registered under the op's name for the current
// backend is preferred. Its inputs, attributes and outputs are those of the reference.

export interface Op<
  Inputs extends NamedTensorMap = NamedTensorMap,
  Attributes extends object = object,
> {
  /** The kernel name, `BnOnly…`, under which backends register their own version. */
  readonly name: string;
  readonly reference: (inputs: Inputs, attributes: Attributes) => Tensor[];
}

/** Runs the current backend's kernel of `op`, or the reference where it has none. */
export function run<Inputs extends NamedTensorMap, Attributes extends object>(
  op: Op<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): Tensor[] {
  if (getKernel(op.name, getBackend()) === undefined) return op.reference(inputs, attributes);
  const outputs = engine().runKernel<Tensor | Tensor[]>(
    op.name,
    inputs,
    attributes as unknown as NamedAttrMap,
  );
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** Makes `kernel` the implementation of an op on a backend. */
export function registerOpKernel(
  op: { readonly name: string },
  backendName: string,
  kernel: KernelFunc,
): void {
  registerKernel({ kernelName: op.name, backendName, kernelFunc: kernel });
}
