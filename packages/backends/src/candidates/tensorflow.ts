import { type BackendCandidate, type BackendOptions, notInstalled } from "../candidate.ts";
import { inNode } from "../node.ts";

/** Where the one TensorFlow of this process comes from. */
let found = "";

const load = () =>
  import("@bn-only/backend-tensorflow").catch(notInstalled("@bn-only/backend-tensorflow"));

async function register(device: "cpu" | "cuda", { threads }: BackendOptions): Promise<string> {
  if (!inNode()) throw new Error("it needs Node");
  const { backendName, registerTensorflowBackend } = await load();
  found = registerTensorflowBackend({ device, ...(threads !== undefined && { threads }) }).source;
  return backendName;
}

async function identity(device: "cpu" | "cuda"): Promise<string | undefined> {
  if (!inNode()) return undefined;
  return (await load()).findTensorflow(device);
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
