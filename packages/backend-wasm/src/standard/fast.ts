import type { TensorInfo } from "@tensorflow/tfjs-core";
import { activate } from "../kernels/elementwise.ts";
import { registerArithmetic } from "./arithmetic.ts";
import { registerBlocks } from "./blocks.ts";
import { registerDepthwise } from "./depthwise.ts";
import { specialise } from "./specialise.ts";

type Unary = { readonly x: TensorInfo };

/** Kernels of our own for standard kernels that training runs; these must be registered. */
export function registerFastKernels(backendName: string): void {
  specialise<Unary>("Relu", backendName, (backend, { x }) => activate(backend, x, "relu"));
  specialise<Unary>("Relu6", backendName, (backend, { x }) => activate(backend, x, "relu6"));
  specialise<Unary>("Sigmoid", backendName, (backend, { x }) => activate(backend, x, "sigmoid"));
  registerArithmetic(backendName);
  registerBlocks(backendName);
  registerDepthwise(backendName);
}
