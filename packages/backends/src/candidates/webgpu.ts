import { importWebgpu, importWebgpuAdapter } from "#peers";
import type { WebgpuTrainingBackend } from "@bn-only/backend-webgpu";
import { engine, findBackendFactory, removeBackend } from "@tensorflow/tfjs-core";
import type { BackendCandidate } from "../candidate.ts";
import { packageVersion } from "../node.ts";

const tfjsName = "bn-webgpu";

/** `@bn-only/backend-webgpu`: WGSL kernels on the GPU, in browsers and, with npm's `webgpu`, in Node. */
export const webgpu: BackendCandidate = {
  name: "webgpu",
  couldWin: true,
  summary() {
    const { name, software } = running()!.adapter;
    return `WebGPU on ${name}${software ? ", a software adapter, for tests" : ""}`;
  },
  onlyByName() {
    const { name, software } = running()!.adapter;
    return software
      ? `${name} is a software adapter, slower than wasm; only backend webgpu by its name takes it`
      : undefined;
  },
  async prepare() {
    if (running()?.usable) return tfjsName;
    // tfjs's backend is large: where there is no GPU it need not be loaded.
    const { requestAdapter } = await importWebgpuAdapter();
    await requestAdapter();
    const { registerWebgpuBackend } = await importWebgpu();
    if (findBackendFactory(tfjsName)) removeBackend(tfjsName);
    await registerWebgpuBackend();
    return tfjsName;
  },
  identity: async () => packageVersion("@bn-only/backend-webgpu"),
};

/** The backend that was started here; none after `tf.engine().reset()`. */
function running(): WebgpuTrainingBackend | undefined {
  if (!findBackendFactory(tfjsName)) return undefined;
  const { registry, registryFactory } = engine();
  return (registry[tfjsName] ?? registryFactory[tfjsName]!.factory()) as WebgpuTrainingBackend;
}
