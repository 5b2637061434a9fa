/**
 * Addresses of the files of this package, for pages that may not start threads from a text, or want the
 * kernels as files of their own. Relative ones start at the page, or at the working directory in Node.
 */
export interface WasmAssets {
  /** Folder with the six files of `@bn-only/backend-wasm/kernels/`. Default: they are inside the script. */
  readonly kernels?: string | URL | undefined;
  /** `dist/bn-only-wasm-thread.js` of this package, the script of a thread. Default: it is inside the script. */
  readonly thread?: string | URL | undefined;
}
