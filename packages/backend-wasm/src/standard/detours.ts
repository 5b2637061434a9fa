import { show } from "@bn-only/errors";
import { WasmBackendError } from "../errors.ts";

const slow = new Set<string>();
const seen = new Set<string>();
const listeners = new Set<(kernelName: string) => void>();

/**
 * Tells `listener` when a standard kernel first runs through tfjs-backend-cpu's code, by name and once
 * for each, until the function that it returns is called. Nothing is printed.
 */
export function onDetour(listener: (kernelName: string) => void): () => void {
  if (typeof listener !== "function") {
    throw new WasmBackendError(`onDetour: expected a function, got ${show(listener)}.`);
  }
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Names of all standard kernels that run through tfjs-backend-cpu's code, once the backend is registered:
 * as slow as there. Training needs none of them for its activations.
 */
export function detouringKernels(): string[] {
  return [...slow];
}

/** Whether a kernel runs through tfjs-backend-cpu, or has a way of its own by now. */
export function markDetour(kernelName: string, slowly: boolean): void {
  if (slowly) slow.add(kernelName);
  else slow.delete(kernelName);
}

/** Names of the standard kernels that ran through tfjs-backend-cpu's code so far, in their order. */
export function detours(): string[] {
  return [...seen];
}

export function noteDetour(kernelName: string): void {
  if (seen.has(kernelName)) return;
  seen.add(kernelName);
  for (const listener of listeners) listener(kernelName);
}
