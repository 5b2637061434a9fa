import { getBackend } from "@tensorflow/tfjs-core";

/** Our names by tfjs's, as of the last backend that was tried under each. */
const names = new Map([
  ["bn-wasm", "wasm"],
  ["bn-webgpu", "webgpu"],
  ["wasm", "tfjs-wasm"],
]);

export function nameBackend(tfjsName: string, name: string): void {
  names.set(tfjsName, name);
}

/**
 * The name, as `useBackend` takes it, of the backend that tfjs computes with now: `wasm` for tfjs's
 * `bn-wasm`. One that did not come from here has tfjs's name.
 */
export function currentBackendName(): string {
  const tfjsName = getBackend();
  return names.get(tfjsName) ?? tfjsName;
}
