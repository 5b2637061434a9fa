import { useBackend } from "@bn-only/trainer";
import { findBackend } from "@tensorflow/tfjs-core";
import type { FromWorker } from "../protocol.ts";

/**
 * Selects a backend, by default the fastest of this browser, and tells the page which, and why. Returns its name.
 *
 * @throws BackendError when it does not work here.
 */
export async function chooseBackend(
  tell: (message: FromWorker) => void,
  wanted: "auto" | (string & {}) = "auto",
): Promise<string> {
  const { name, tried, milliseconds } = await useBackend(wanted);
  const runs = {
    webgpu: "WebGPU",
    wasm: `WebAssembly kernels of our own, ${threadsOf(name)}`,
    cpu: "plain JavaScript, which is slow",
  }[name];
  const words = [`Computes on ${runs ?? name}${comparison(milliseconds)}.`];
  const gpu = tried.find((report) => report.name === "webgpu");
  if (gpu && !gpu.available) words.push(`Not WebGPU: ${shortReason(gpu.reason ?? "")}.`);
  const wasm = tried.find((report) => report.name === "wasm");
  if (wasm && !wasm.available) words.push(`Not WebAssembly: ${wasm.reason}.`);
  const other = otherThan(name, gpu?.reason);
  tell({ type: "backend", line: words.join(" "), ...(other !== undefined && { other }) });
  return name;
}

/** What a person may want to see instead: WebGPU where it runs but is slower, WebAssembly beside it. */
function otherThan(name: string, reason = ""): "webgpu" | "wasm" | undefined {
  if (name === "webgpu") return "wasm";
  return reason === "" || reason.includes("software adapter") ? gpuHere() : undefined;
}

function gpuHere(): "webgpu" | undefined {
  return "gpu" in navigator ? "webgpu" : undefined;
}

function comparison(milliseconds: Readonly<Record<string, number>>): string {
  const times = Object.entries(milliseconds).toSorted(([, a], [, b]) => a - b);
  if (times.length < 2) return "";
  const [first, ...others] = times.map(([name, time]) => `${name} ${time.toFixed(1)} ms`);
  return `, the fastest here: a step took ${first} against ${others.join(", ")}`;
}

/** The first clause says it; the rest is for those who start browsers. */
function shortReason(reason: string): string {
  if (!("gpu" in navigator)) return "this browser has none";
  if (reason.includes("software adapter"))
    return "its GPU is played by a program, slower than WebAssembly";
  return reason.split(/[:;]/)[0]!;
}

/** How many threads compute, and why not more. */
function threadsOf(name: string): string {
  if (name !== "wasm") return "";
  const { threads } = findBackend("bn-wasm") as unknown as { threads: number };
  if (threads > 1) return `${threads} threads`;
  if (!self.crossOriginIsolated) {
    return "one thread, because this server does not isolate the page (COOP and COEP headers)";
  }
  return "one thread, because this machine has one processor";
}
