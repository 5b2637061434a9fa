import { WebgpuError } from "../errors.ts";
import { withoutWindows } from "./without-windows.ts";

/** Where `webgpu` of npm is found; `doctor` and errors name it. */
const nodePackage = "webgpu";

/** As what Linux shows a GPU: of DRM, of NVIDIA, in WSL, and two of phones. */
const deviceFiles = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg", "/dev/kgsl-3d0", "/dev/mali0"];

/** Dawn is one for the process; a second one would not know the buffers of the first. */
let dawn: Promise<GPU> | undefined;

/**
 * `navigator.gpu` in browsers; in Node, Dawn from the npm package `webgpu`.
 *
 * @throws WebgpuError that says what is missing here, and what to do.
 */
export async function findGpu(): Promise<GPU> {
  const { navigator, isSecureContext } = globalThis as {
    navigator?: { gpu?: GPU };
    isSecureContext?: boolean;
  };
  if (navigator?.gpu) return navigator.gpu;
  if (isSecureContext === false) {
    throw new WebgpuError(
      "browsers have WebGPU on secure pages only; serve this one over https or from localhost",
    );
  }
  if (typeof globalThis.process?.getBuiltinModule !== "function") {
    throw new WebgpuError(
      "this browser has no WebGPU; Chrome and Edge have it from 113, Safari from 26, Firefox from 141 on Windows",
    );
  }
  const { existsSync } = globalThis.process.getBuiltinModule("node:fs");
  if (!mayHaveGpu(globalThis.process, existsSync)) throw noGpu();
  dawn ??= withoutWindows(startDawn);
  return dawn;
}

/** Whether there is anything that Dawn could run on. Where there is not, it would say so on standard error itself. */
export function mayHaveGpu(
  { platform, env }: Pick<NodeJS.Process, "platform" | "env">,
  exists: (path: string) => boolean,
): boolean {
  const drivers = env["VK_ICD_FILENAMES"] || env["VK_DRIVER_FILES"];
  return platform !== "linux" || Boolean(drivers) || deviceFiles.some(exists);
}

export function noGpu(): WebgpuError {
  return new WebgpuError(
    "there is WebGPU, but it finds no GPU: a driver for Vulkan, Metal or Direct3D 12 is needed, or, for tests, " +
      "the variable VK_ICD_FILENAMES with the path of SwiftShader's vk_swiftshader_icd.json",
  );
}

async function startDawn(): Promise<GPU> {
  try {
    const { create, globals } = (await import(/* @vite-ignore */ nodePackage)) as {
      create(flags: readonly string[]): GPU;
      globals: object;
    };
    // GPUBufferUsage, GPUMapMode and the classes that tfjs asks for by name.
    Object.assign(globalThis, globals);
    return create([]);
  } catch (error) {
    dawn = undefined;
    const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    const missing = reason.startsWith(`Cannot find package '${nodePackage}'`);
    throw new WebgpuError(
      missing
        ? `WebGPU in Node needs a package; run "npm install ${nodePackage}"`
        : `the package ${nodePackage} cannot be loaded (${reason})`,
      { cause: error },
    );
  }
}
