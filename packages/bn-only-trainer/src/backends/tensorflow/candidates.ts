import type { BackendCandidate } from "../candidate.ts";
import { hasNvidiaDriver } from "./nvidia.ts";
import { inNode } from "./in-node.ts";

/** Where the one TensorFlow of this process comes from. */
let found = "";

/** Native TensorFlow on an NVIDIA GPU, through tfjs-node. */
export const cuda: BackendCandidate = {
  name: "cuda",
  summary: () => `an NVIDIA GPU, ${found}`,
  async prepare() {
    if (!inNode()) throw new Error("it needs Node");
    if (!hasNvidiaDriver()) throw new Error("this machine has no NVIDIA driver");
    const { loadTensorflow } = await import("./load.ts");
    const { source, usesGpu } = loadTensorflow("cuda");
    if (!usesGpu) throw new Error(`${source} finds no CUDA device that it can use`);
    found = source;
    return "tensorflow";
  },
};

/** Native TensorFlow on the CPU, with oneDNN, through tfjs-node. */
export const tensorflow: BackendCandidate = {
  name: "tensorflow",
  summary: () => `the CPU, ${found}`,
  async prepare({ threads }) {
    if (!inNode()) throw new Error("it needs Node");
    const { loadTensorflow } = await import("./load.ts");
    if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
    const { source, usesGpu } = loadTensorflow("cpu");
    if (usesGpu) throw new Error(`this process has ${source} on its GPU, which is backend cuda`);
    found = source;
    return "tensorflow";
  },
};
