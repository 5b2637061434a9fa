import { type BackendCandidate, type BackendOptions, importPeer } from "./candidate.ts";

/** Where the one TensorFlow of this process comes from. */
let found = "";

async function register(device: "cpu" | "cuda", { threads }: BackendOptions): Promise<string> {
  const { backendName, registerTensorflowBackend } = await importPeer(
    "@bn-only/backend-tensorflow",
    () => import("@bn-only/backend-tensorflow"),
  );
  found = registerTensorflowBackend({ device, ...(threads !== undefined && { threads }) }).source;
  return backendName;
}

/** Native TensorFlow on an NVIDIA GPU, through tfjs-node. */
export const cuda: BackendCandidate = {
  name: "cuda",
  summary: () => `an NVIDIA GPU, ${found}`,
  prepare: () => register("cuda", {}),
};

/** Native TensorFlow on the CPU, with oneDNN, through tfjs-node. */
export const tensorflow: BackendCandidate = {
  name: "tensorflow",
  summary: () => `the CPU, ${found}`,
  prepare: (options) => register("cpu", options),
};
