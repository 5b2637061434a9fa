import { assertDevice, assertOptions, assertThat } from "./check.ts";
import { TensorflowError } from "./errors.ts";
import { loadTensorflow } from "./load.ts";
import type { TensorflowDevice } from "./installation.ts";
import { inNode } from "./in-node.ts";
import { hasNvidiaDriver } from "./nvidia.ts";

/** The name for `tf.setBackend`, on the CPU and on CUDA alike. */
export const backendName = "tensorflow";

/**
 * Options of `registerTensorflowBackend`. One process holds one TensorFlow, so that a later call with
 * another device or other threads throws.
 */
export interface TensorflowBackendOptions {
  /** Where ops run. Default `cpu`. */
  readonly device?: TensorflowDevice | undefined;
  /** Of the CPU, of the host where ops run on CUDA; as of the first load in a process. Default `TF_NUM_INTRAOP_THREADS` or the cores. */
  readonly threads?: number | undefined;
}

/** A TensorFlow that runs in this process. */
export interface RegisteredTensorflow {
  /** Which one it is, and where: `TensorFlow 2.21.0 in <folder>`. */
  readonly source: string;
}

/**
 * Loads native TensorFlow and registers it with tfjs as `tensorflow`, with our kernels. One process
 * holds one TensorFlow: further calls find the first.
 *
 * @throws TensorflowError that says why it cannot be had here, and what to do; when this process has loaded
 * it with other threads, too.
 */
export function registerTensorflowBackend(
  options: TensorflowBackendOptions = {},
): RegisteredTensorflow {
  assertOptions("registerTensorflowBackend", options, { device: true, threads: true });
  const { device = "cpu", threads } = options;
  assertDevice(device);
  const count = threads === undefined || (Number.isSafeInteger(threads) && threads >= 1);
  assertThat(count, "threads", "a whole number from 1", threads);
  if (!inNode()) throw new TensorflowError("it needs Node");
  if (device === "cuda" && !hasNvidiaDriver()) {
    throw new TensorflowError("this machine has no NVIDIA driver");
  }
  const { source, usesGpu } = loadTensorflow(device, threads);
  if (device === "cuda" && !usesGpu) {
    throw new TensorflowError(`${source} finds no CUDA device that it can use`);
  }
  if (device === "cpu" && usesGpu) {
    throw new TensorflowError(`this process has ${source} on its GPU, which is backend cuda`);
  }
  return { source };
}
