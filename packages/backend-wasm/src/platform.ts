// What differs between Node and browsers.

import { show } from "@bn-only/errors";
import { WasmBackendError } from "./errors.ts";

export const isNode = globalThis.process?.versions?.node !== undefined;

/** A module of Node, in a way that bundlers for browsers do not follow. */
export const nodeModule: typeof process.getBuiltinModule = (name: string) =>
  process.getBuiltinModule(name);

/** A variable of the environment; browsers have none, and Deno has to permit it. */
export function environmentVariable(name: string): string | undefined {
  try {
    return isNode ? process.env[name] : undefined;
  } catch {
    return undefined;
  }
}

/** Threads that run at the same time. */
export function availableCores(): number {
  return isNode
    ? nodeModule("node:os").availableParallelism()
    : (navigator.hardwareConcurrency ?? 1);
}

/** Why memory cannot be shared with threads, if so: browsers want a cross-origin isolated page. */
export function whyNotShared(): string | undefined {
  if (!isNode && !globalThis.crossOriginIsolated) return "the page is not cross-origin isolated";
  if (typeof SharedArrayBuffer === "undefined") return "there is no SharedArrayBuffer";
  return undefined;
}

/** Whether this thread may sleep; a browser's main thread may not. */
export function mayBlock(): boolean {
  return isNode || typeof document === "undefined";
}

/**
 * Relative addresses start at the page. In Node what does not begin as a URL is a path, in which `#`, `?` and `%` are letters
 * and one letter before the colon is a drive.
 *
 * @throws WasmBackendError for what is no address.
 */
export function absolute(address: string): URL {
  const isUrl = /^[a-z][a-z\d+.-]+:/i.test(address);
  try {
    if (isNode && !isUrl) return nodeModule("node:url").pathToFileURL(address);
    return isNode ? new URL(address) : new URL(address, globalThis.location.href);
  } catch (cause) {
    throw new WasmBackendError(`assets: expected a URL or a path, got ${show(address)}.`, {
      cause,
    });
  }
}

/** Unpacks raw deflate. */
export async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (isNode) return new Uint8Array(nodeModule("node:zlib").inflateRawSync(packed));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (isNode && url.protocol === "file:") {
    return new Uint8Array(await nodeModule("node:fs/promises").readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Node 20 knows relaxed SIMD but keeps it behind a switch, which works until a module is compiled. */
export function allowRelaxedSimd(): void {
  if (!isNode || Number.parseInt(process.versions.node, 10) >= 21) return;
  nodeModule("node:v8").setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/**
 * Has V8 make one vector of two in what it compiles from now on: an experiment of the engine, for the whole
 * process. A browser has its own switch, if any.
 *
 * @throws WasmBackendError in a Node whose V8 does not know it.
 */
export function switchRevectorizationOn(): void {
  if (!isNode) return;
  if (Number.parseInt(process.versions.node, 10) < 24) {
    throw new WasmBackendError(
      `revec: expected Node 24 or newer, whose V8 knows --experimental-wasm-revectorize, got ${process.version}. Leave revec (or BN_ONLY_REVEC) out.`,
    );
  }
  nodeModule("node:v8").setFlagsFromString("--experimental-wasm-revectorize");
}
