import { readKernels } from "./assets.ts";
import { WasmBackendError } from "./errors.ts";
import { allowRelaxedSimd, switchRevectorizationOn } from "./platform.ts";
import { gainsFromPairs } from "./revectorization.ts";

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether it multiplies and adds with one rounding. */
  readonly fma: boolean;
  /** Whether its vectors come in pairs, for an engine that makes one of two. */
  readonly revec: boolean;
}

export interface WantedKernels {
  readonly fma: boolean;
  readonly revec: boolean;
  readonly shared: boolean;
  /** Where they lie, if not inside the script. */
  readonly folder?: string | URL | undefined;
}

/**
 * Compiles the kernels for this engine: with fused multiply-add where that is wanted and known, in pairs of
 * vectors where that is wanted and faster.
 *
 * @throws WasmBackendError when the engine has no WebAssembly SIMD, or `folder` not the files.
 */
export async function loadKernels(wanted: WantedKernels): Promise<KernelModule> {
  if (wanted.revec) switchRevectorizationOn();
  const suffix = wanted.shared ? "-shared" : "";
  if (wanted.fma) {
    const bytes = await readKernels(`fma${suffix}`, wanted.folder);
    if (!WebAssembly.validate(bytes)) allowRelaxedSimd();
    if (WebAssembly.validate(bytes)) {
      const module = await WebAssembly.compile(bytes);
      if (!wanted.revec) return { module, fma: true, revec: false };
      const pairs = await WebAssembly.compile(await readKernels(`revec${suffix}`, wanted.folder));
      const revec = await gainsFromPairs(pairs, module, wanted.shared);
      return { module: revec ? pairs : module, fma: true, revec };
    }
  }
  const bytes = await readKernels(`simd${suffix}`, wanted.folder);
  if (!WebAssembly.validate(bytes)) {
    throw new WasmBackendError(
      "this engine has no WebAssembly SIMD. It needs Chrome or Edge 103, Firefox 113, Safari 16.4 or Node 20, or newer.",
    );
  }
  return { module: await WebAssembly.compile(bytes), fma: false, revec: false };
}
