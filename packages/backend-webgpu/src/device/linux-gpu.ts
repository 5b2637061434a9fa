import { WebgpuError } from "../errors.ts";

/** Where Linux has GPUs: Mesa's drivers, NVIDIA, WSL 2, Mali, Adreno. */
const devices = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg", "/dev/mali0", "/dev/kgsl-3d0"];

/** Variables that name Vulkan drivers, which may need none of these. */
const variables = ["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "VK_ADD_DRIVER_FILES"];

/**
 * Dawn asks every Vulkan driver that is installed, and they complain on standard error where there is no GPU. So it is
 * not loaded there, which is quicker, too.
 *
 * @throws WebgpuError on Linux without a GPU or a driver that was named.
 */
export function assertGpuOnLinux(): void {
  const { env, platform } = process;
  if (platform !== "linux" || variables.some((name) => env[name])) return;
  const { existsSync } = process.getBuiltinModule("node:fs");
  if (devices.some((path) => existsSync(path))) return;
  throw new WebgpuError(
    `this machine has no GPU: there is none of ${devices.join(", ")}. For tests, VK_ICD_FILENAMES may name ` +
      `SwiftShader's vk_swiftshader_icd.json`,
  );
}

/** Drivers complain on standard error of a session without `XDG_RUNTIME_DIR`, whose windows nobody wants here. */
export async function withoutWindows<Result>(work: () => Promise<Result>): Promise<Result> {
  const { env, platform }: Partial<NodeJS.Process> = globalThis.process ?? {};
  if (platform !== "linux" || env === undefined || env["XDG_RUNTIME_DIR"]) return work();
  env["XDG_RUNTIME_DIR"] = "/nowhere";
  try {
    return await work();
  } finally {
    delete env["XDG_RUNTIME_DIR"];
  }
}
