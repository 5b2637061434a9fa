import { setBackend } from "@tensorflow/tfjs-core";
import { BackendError } from "../errors.ts";
import type { BackendCandidate, BackendOptions } from "./candidate.ts";
import { cpu } from "./cpu.ts";
import { selfTest } from "./self-test.ts";
import { cuda, tensorflow } from "./tensorflow.ts";
import { tfjsWasm } from "./tfjs-wasm.ts";
import { wasm } from "./wasm.ts";

export type BackendName = "auto" | BackendCandidate["name"];

/** In the order in which `auto` tries them. */
const candidates: readonly BackendCandidate[] = [cuda, tensorflow, wasm, tfjsWasm, cpu];

export const backendNames: readonly BackendName[] = ["auto", ...candidates.map(({ name }) => name)];

/** What became of one backend that was looked at. */
export interface BackendReport {
  readonly name: BackendCandidate["name"];
  /** What it runs on; empty when it is not available. */
  readonly summary: string;
  readonly available: boolean;
  /** Why it is not available; empty when it is. */
  readonly reason: string;
}

export interface BackendChoice {
  readonly name: BackendCandidate["name"];
  /** One line: what was chosen, and why the better ones were not. */
  readonly description: string;
  /** Those that were tried, in order. */
  readonly tried: readonly BackendReport[];
}

/**
 * Imports, registers, tests and selects a tfjs backend. `auto` takes the first one that passes a
 * self-test here; any other name takes that one or fails. A wasm backend that runs with other options
 * is replaced, and its tensors are lost.
 *
 * @throws BackendError when the name is unknown or the backend does not work here.
 */
export async function useBackend(
  name: BackendName = "auto",
  options: BackendOptions = {},
): Promise<BackendChoice> {
  const wanted = name === "auto" ? candidates : candidates.filter((entry) => entry.name === name);
  if (wanted.length === 0) {
    throw new BackendError(
      `backend: "${name}" does not exist. Choose one of ${backendNames.join(", ")}.`,
    );
  }
  const tried: BackendReport[] = [];
  for (const candidate of wanted) {
    const report = await tryBackend(candidate, options);
    tried.push(report);
    if (report.available) {
      const rejected = tried.filter(({ available }) => !available);
      const why = rejected.map((other) => `; not ${other.name}: ${other.reason}`).join("");
      return {
        name: candidate.name,
        description: `${candidate.name} (${report.summary})${why}`,
        tried,
      };
    }
  }
  const reasons = tried.map((report) => `${report.name}: ${report.reason}`).join("; ");
  throw new BackendError(`backend: none works here. ${reasons}.`);
}

/** Tries every backend and leaves selected what `auto` would choose. */
export async function inspectBackends(): Promise<BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const candidate of candidates) reports.push(await tryBackend(candidate, {}));
  const chosen = reports.find(({ available }) => available);
  if (chosen) await useBackend(chosen.name);
  return reports;
}

async function tryBackend(
  candidate: BackendCandidate,
  options: BackendOptions,
): Promise<BackendReport> {
  const { name } = candidate;
  try {
    const backendName = await candidate.prepare(options);
    if (!(await setBackend(backendName))) throw new Error("tfjs could not initialise it");
    await selfTest();
    return { name, summary: candidate.summary(), available: true, reason: "" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, summary: "", available: false, reason: message.replace(/\.$/, "") };
  }
}
