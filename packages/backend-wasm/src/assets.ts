import { show } from "@bn-only/errors";
import { WasmBackendError } from "./errors.ts";
import { absolute, inflate, readBytes } from "./platform.ts";

export type KernelFile = "simd" | "fma" | "revec" | "simd-shared" | "fma-shared" | "revec-shared";

/** Literal names, so that bundlers make a chunk of each, of which a page loads one. */
const embedded: Readonly<Record<KernelFile, () => Promise<{ packedKernels: string }>>> = {
  simd: () => import("./generated/simd.ts"),
  fma: () => import("./generated/fma.ts"),
  revec: () => import("./generated/revec.ts"),
  "simd-shared": () => import("./generated/simd-shared.ts"),
  "fma-shared": () => import("./generated/fma-shared.ts"),
  "revec-shared": () => import("./generated/revec-shared.ts"),
};

/**
 * The binary of that name, from the folder if there is one.
 *
 * @throws WasmBackendError when the folder does not have it, or something else under its name.
 */
export async function readKernels(
  name: KernelFile,
  folder: string | URL | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (folder !== undefined) return readFrom(absolute(String(folder)), name);
  const { packedKernels } = await embedded[name]();
  return inflate(Uint8Array.from(atob(packedKernels), (character) => character.charCodeAt(0)));
}

const cure =
  "Copy node_modules/@bn-only/backend-wasm/kernels/ there, or leave assets.kernels out: the kernels are inside the script.";

async function readFrom(folder: URL, name: KernelFile): Promise<Uint8Array<ArrayBuffer>> {
  // What stands behind the folder's path, such as a version, goes to its files.
  const url = new URL(folder);
  url.pathname = `${folder.pathname.replace(/\/*$/, "")}/${name}.wasm`;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readBytes(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WasmBackendError(`kernels: cannot read ${url} (${reason}). ${cure}`, { cause });
  }
  if (!isWebAssembly(bytes)) {
    const beginning = new TextDecoder().decode(bytes.subarray(0, 24));
    throw new WasmBackendError(
      `kernels: expected WebAssembly at ${url}, got something that begins with ${show(beginning)}: ` +
        `a server's page instead of the file. ${cure}`,
    );
  }
  return bytes;
}

/** They begin with the four bytes `\0asm`. */
function isWebAssembly(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d].every((byte, i) => bytes[i] === byte);
}
