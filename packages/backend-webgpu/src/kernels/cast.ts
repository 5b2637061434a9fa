import {
  Cast,
  type CastAttrs,
  getKernel,
  type KernelFunc,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
  util,
} from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { ELEMENTS } from "../shaders/elementwise.ts";
import { defineShader, perInvocation } from "../shaders/shader.ts";

// tfjs casts int32 and bool to float32 by another type over the same bits, which its own shaders look behind. Ours read
// a float32 tensor's buffer as float32, so here the numbers are converted.

const castShader = defineShader("castToFloat", () => ({
  inputs: { integers: "i32" },
  outputs: { floats: "f32" },
  uniforms: { count: "u32" },
  invocations: ELEMENTS,
  main: `${perInvocation}\nfloats[i] = f32(integers[i]);`,
}));

function toFloat(integers: TensorInfo, backend: WebgpuTrainingBackend): TensorInfo {
  const { values } = backend.tensorMap.get(integers.dataId);
  if (values) {
    const floats = Float32Array.from(values as Int32Array | Uint8Array);
    return backend.makeTensorInfo(integers.shape, "float32", floats);
  }
  const count = util.sizeFromShape(integers.shape);
  const floats = backend.allocate(integers.shape);
  backend.run(castShader({}), {
    inputs: [integers],
    outputs: [floats],
    uniforms: { count },
    groups: Math.ceil(count / ELEMENTS),
  });
  return floats;
}

/** Puts the kernel in front of tfjs's, which is registered. */
export function registerCastKernel(backendName: string): void {
  const { kernelFunc: others } = getKernel(Cast, backendName);
  const kernelFunc: KernelFunc = (call) => {
    const x = call.inputs["x"] as TensorInfo;
    const { dtype } = call.attrs as unknown as CastAttrs;
    if (dtype !== "float32" || !(x.dtype === "int32" || x.dtype === "bool")) return others(call);
    const backend = call.backend as WebgpuTrainingBackend;
    return backend.owning(() => toFloat(x, backend));
  };
  unregisterKernel(Cast, backendName);
  registerKernel({ kernelName: Cast, backendName, kernelFunc });
}
