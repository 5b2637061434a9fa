import { WebgpuError } from "../errors.ts";
import { assertGpuOnLinux, withoutWindows } from "./linux-gpu.ts";

/** Where `webgpu` of npm is found; `doctor` and errors name it. */
const nodePackage = "webgpu";

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
  if (inBrowser()) {
    throw new WebgpuError(
      "this browser has no WebGPU; Chrome and Edge have it from 113, Safari from 26, Firefox from 141 on Windows",
    );
  }
  assertGpuOnLinux();
  dawn ??= withoutWindows(startDawn);
  return dawn;
}

/** Whether a browser, or something like one, is around: Dawn from npm needs Node. */
export function inBrowser(): boolean {
  return typeof globalThis.process?.getBuiltinModule !== "function";
}

async function startDawn(): Promise<GPU> {
  try {
    const { create, globals } = (await import(
      /* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ nodePackage
    )) as {
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
