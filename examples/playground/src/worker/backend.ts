import { useBackend } from "@bn-only/trainer";
import { findBackend } from "@tensorflow/tfjs-core";
import type { FromWorker } from "../protocol.ts";

/** Chooses the fastest backend of this browser and tells the page which, and why. Returns its name. */
export async function chooseBackend(tell: (message: FromWorker) => void): Promise<string> {
  const { name, description } = await useBackend("auto");
  tell({ type: "backend", name, line: readable(description), threads: threadsOf(name) });
  return name;
}

/** Without the backends that no browser has. */
function readable(description: string): string {
  const parts = description.split("; ");
  const kept = parts.filter((part) => !/^(not (cuda|tensorflow)\b|run "npm)/.test(part));
  return kept.join("; ");
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
