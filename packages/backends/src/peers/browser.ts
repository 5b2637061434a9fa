// `#peers` in browsers: a page has no use for the packages of Node, and should not carry them.

import type * as backendTensorflow from "@bn-only/backend-tensorflow";

export { importCpu, importWasm, importWebgpu, importWebgpuAdapter } from "./everywhere.ts";

export async function importTensorflow(): Promise<typeof backendTensorflow> {
  throw new Error("it needs Node");
}

export async function importTfjsWasm(): Promise<void> {
  throw new Error('in a page it is yours to load: import "@tensorflow/tfjs-backend-wasm" first');
}
