import { WasmBackendError } from "./errors.ts";
import { allowRelaxedSimd, readBytes, switchRevectorizationOn } from "./platform.ts";
import { gainsFromPairs } from "./revectorization.ts";

// Literal URLs, as bundlers need them; `src` and `dist` lie equally deep.
const urls = {
  simd: new URL("../kernels/simd.wasm", import.meta.url),
  fma: new URL("../kernels/fma.wasm", import.meta.url),
  revec: new URL("../kernels/revec.wasm", import.meta.url),
  "simd-shared": new URL("../kernels/simd-shared.wasm", import.meta.url),
  "fma-shared": new URL("../kernels/fma-shared.wasm", import.meta.url),
  "revec-shared": new URL("../kernels/revec-shared.wasm", import.meta.url),
} as const;

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether it multiplies and adds with one rounding. */
  readonly fma: boolean;
  /** Whether its vectors come in pairs, for an engine that makes one of two. */
  readonly revec: boolean;
}

/**
 * Compiles the kernels for this engine: with fused multiply-add where that is wanted and known, in pairs of
 * vectors where that is wanted and faster.
 *
 * @throws WasmBackendError when the engine has no WebAssembly SIMD.
 */
export async function loadKernels(wanted: {
  readonly fma: boolean;
  readonly revec: boolean;
  readonly shared: boolean;
}): Promise<KernelModule> {
  if (wanted.revec) switchRevectorizationOn();
  const suffix = wanted.shared ? "-shared" : "";
  if (wanted.fma) {
    const bytes = await read(urls[`fma${suffix}`]);
    if (!WebAssembly.validate(bytes)) allowRelaxedSimd();
    if (WebAssembly.validate(bytes)) {
      const module = await WebAssembly.compile(bytes);
      if (!wanted.revec) return { module, fma: true, revec: false };
      const pairs = await WebAssembly.compile(await read(urls[`revec${suffix}`]));
      const revec = await gainsFromPairs(pairs, module, wanted.shared);
      return { module: revec ? pairs : module, fma: true, revec };
    }
  }
  const bytes = await read(urls[`simd${suffix}`]);
  if (!WebAssembly.validate(bytes)) {
    throw new WasmBackendError(
      "this engine has no WebAssembly SIMD. It needs Chrome or Edge 91, Firefox 89, Safari 16.4 or Node 20, or newer.",
    );
  }
  return { module: await WebAssembly.compile(bytes), fma: false, revec: false };
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
