import { WasmBackendError } from "./errors.ts";
import { allowRelaxedSimd, readBytes } from "./platform.ts";

// Literal URLs, as bundlers need them; `src` and `dist` lie equally deep.
const urls = {
  simd: new URL("../kernels/simd.wasm", import.meta.url),
  fma: new URL("../kernels/fma.wasm", import.meta.url),
  "simd-shared": new URL("../kernels/simd-shared.wasm", import.meta.url),
  "fma-shared": new URL("../kernels/fma-shared.wasm", import.meta.url),
} as const;

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether it multiplies and adds with one rounding. */
  readonly fma: boolean;
}

/**
 * Compiles the kernels for this engine: with fused multiply-add where that is wanted and known.
 *
 * @throws WasmBackendError when the engine has no WebAssembly SIMD.
 */
export async function loadKernels(wanted: {
  readonly fma: boolean;
  readonly shared: boolean;
}): Promise<KernelModule> {
  const suffix = wanted.shared ? "-shared" : "";
  if (wanted.fma) {
    const bytes = await read(urls[`fma${suffix}`]);
    if (!WebAssembly.validate(bytes)) allowRelaxedSimd();
    if (WebAssembly.validate(bytes)) return { module: await WebAssembly.compile(bytes), fma: true };
  }
  const bytes = await read(urls[`simd${suffix}`]);
  if (!WebAssembly.validate(bytes)) {
    throw new WasmBackendError(
      "this engine has no WebAssembly SIMD. It needs Chrome or Edge 91, Firefox 89, Safari 16.4 or Node 20, or newer.",
    );
  }
  return { module: await WebAssembly.compile(bytes), fma: false };
}

async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readBytes(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WasmBackendError(
      `kernels: cannot read ${url} (${reason}). They are made by "npm run build" and belong beside dist/.`,
      { cause },
    );
  }
}
