import { Cast, type CastAttrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { ELEMENTS } from "../shaders/elementwise.ts";
import { defineShader, perInvocation } from "../shaders/shader.ts";
import { putInFront } from "./in-front.ts";

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

export function registerCastKernel(backendName: string): void {
  putInFront<CastAttrs>(Cast, backendName, ([x], { dtype }, backend) => {
    const isConverted = dtype === "float32" && (x!.dtype === "int32" || x!.dtype === "bool");
    return isConverted ? toFloat(x!, backend) : undefined;
  });
}
