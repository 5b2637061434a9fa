import { type KernelBackend, registerKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import { assertFunction, assertText } from "../check.ts";
import type { AnyOp, Op, OpKernel, OpTensors } from "../ops/op.ts";

/**
 * Names of the outputs that the kernel which ran last gave, or that it gave a list: tfjs hands on the
 * tensors alone. Kernels are synchronous, so whoever ran one may ask at once.
 */
let names: readonly string[] | "list" | undefined;

/** What `run` gives, and the names that a kernel of ours left; undefined where none of ours ran. */
export function withOutputNames<Result>(run: () => Result): {
  result: Result;
  names: readonly string[] | "list" | undefined;
} {
  names = undefined;
  const result = run();
  return { result, names };
}

/**
 * Makes `kernel` the implementation of an op on a backend. Its inputs, attributes and outputs are
 * checked against the op by the compiler.
 */
export function registerOpKernel<Operation extends AnyOp, Backend = KernelBackend>(
  op: Operation,
  backendName: string,
  kernel: OpKernel<Operation, Backend>,
): void {
  assertText("registerOpKernel: backendName", backendName);
  implementation(op, kernel).register(backendName);
}

/** A kernel bound to its op, for the table of a backend. */
export interface OpImplementation {
  readonly op: AnyOp;
  /** Gives it to tfjs for the backend of this name, where it takes the place of one that was there. */
  register(backendName: string): void;
}

/** The compiler checks that the kernel has the op's inputs, attributes and outputs. */
export function implementation<Operation extends AnyOp, Backend = KernelBackend>(
  op: Operation,
  kernel: OpKernel<Operation, Backend>,
): OpImplementation {
  assertText("registerOpKernel: the op's name", (op as Partial<AnyOp> | undefined)?.name);
  const { check } = op as Partial<Op>;
  if (check !== undefined) assertFunction(`${op.name}: check`, check);
  assertFunction(`registerOpKernel: the kernel of ${op.name}`, kernel);
  const run = kernel as OpKernel<Op, Backend>;
  return {
    op,
    register: (backendName) =>
      registerKernel({
        kernelName: op.name,
        backendName,
        kernelFunc({ inputs, attrs, backend }) {
          const outputs = run(inputs as OpTensors, attrs ?? {}, backend as Backend);
          if (Array.isArray(outputs)) {
            names = "list";
            return [...(outputs as readonly TensorInfo[])];
          }
          const present = Object.entries(outputs).filter(([, output]) => output !== undefined);
          names = present.map(([name]) => name);
          return present.map(([, output]) => output as TensorInfo);
        },
      }),
  };
}
