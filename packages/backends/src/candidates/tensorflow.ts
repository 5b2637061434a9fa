import { importTensorflow } from "#peers";
import type { BackendCandidate, BackendOptions } from "../candidate.ts";
import { inNode } from "../node.ts";

/** Where the one TensorFlow of this process comes from. */
let found = "";

async function register(device: "cpu" | "cuda", { threads }: BackendOptions): Promise<string> {
  if (!inNode()) throw new Error("it needs Node");
  const { backendName, registerTensorflowBackend } = await importTensorflow();
  found = registerTensorflowBackend({ device, ...(threads !== undefined && { threads }) }).source;
  return backendName;
}

async function identity(device: "cpu" | "cuda"): Promise<string | undefined> {
  if (!inNode()) return undefined;
  return (await importTensorflow()).findTensorflow(device);
}

/** Native TensorFlow on an NVIDIA GPU, through tfjs-node. */
export const cuda: BackendCandidate = {
  name: "cuda",
  couldWin: true,
  summary: () => `an NVIDIA GPU, ${found}`,
  prepare: (options) => register("cuda", options),
  identity: () => identity("cuda"),
};

/** Native TensorFlow on the CPU, with oneDNN, through tfjs-node. */
export const tensorflow: BackendCandidate = {
  name: "tensorflow",
  couldWin: true,
  summary: () => `the CPU, ${found}`,
  prepare: (options) => register("cpu", options),
  identity: () => identity("cpu"),
};
