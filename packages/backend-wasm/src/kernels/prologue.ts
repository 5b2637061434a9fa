import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WasmTrainingBackend } from "../backend.ts";
import { DeferredBatchNorm } from "./deferred-batch-norm.ts";
import { NO_PROLOGUE, type Source } from "./plan.ts";

/**
 * Where a convolution reads its input: from the tensor or, if that is the result of a BatchNorm which
 * nobody else will look at, from what the BatchNorm would have read.
 */
export function sourceOf(backend: WasmTrainingBackend, tensor: TensorInfo): Source {
  const deferred = backend.deferred(tensor);
  const unshared = backend.refCount(tensor.dataId) === 1;
  if (deferred instanceof DeferredBatchNorm && unshared) return deferred.source;
  return { input: backend.pointer(tensor), prologue: NO_PROLOGUE };
}
