// What differs between Node and browsers.

interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
}

const nodeProcess = (globalThis as { process?: NodeProcess }).process;

export const isNode = nodeProcess?.versions?.node !== undefined;

/** A variable of the environment; browsers have none. */
export function environmentVariable(name: string): string | undefined {
  return isNode ? nodeProcess?.env[name] : undefined;
}

/** Threads that run at the same time. */
export async function availableCores(): Promise<number> {
  if (!isNode) return navigator.hardwareConcurrency;
  const { availableParallelism } = await import("node:os");
  return availableParallelism();
}

/** Whether memory can be shared with threads: browsers want a cross-origin isolated page. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return isNode || globalThis.crossOriginIsolated;
}

/** Whether this thread may sleep; a browser's main thread may not. */
export function mayBlock(): boolean {
  return isNode || typeof document === "undefined";
}

export async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (isNode && url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Node 20 knows relaxed SIMD but keeps it behind a switch, which works until a module is compiled. */
export async function allowRelaxedSimd(): Promise<void> {
  if (!isNode || Number.parseInt(nodeProcess!.versions!.node!, 10) >= 21) return;
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}
