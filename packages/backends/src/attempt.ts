import { show } from "@bn-only/errors";
import { findBackend, findBackendFactory, getBackend, setBackend } from "@tensorflow/tfjs-core";
import type { BackendCandidate, BackendOptions, PreparedBackend } from "./candidate.ts";
import { nameBackend } from "./current.ts";
import { BackendError } from "./errors.ts";
import { selfTest } from "./self-test.ts";

/** What became of one backend that was looked at. */
export interface BackendReport {
  readonly name: string;
  /** What it runs on; empty when it is not available. */
  readonly summary: string;
  readonly available: boolean;
  /** Why it is not available; empty when it is. */
  readonly reason: string;
}

/**
 * Prepares a backend, selects it and tests it. If that fails, what it replaced is back, and what tfjs computed
 * with before is selected again.
 *
 * @param automatic whether `auto` asks, which does not take what wants to be named
 */
export async function attempt(
  candidate: BackendCandidate,
  options: BackendOptions,
  { automatic = false }: { readonly automatic?: boolean } = {},
): Promise<BackendReport> {
  const { name } = candidate;
  const before = getBackend();
  let prepared: PreparedBackend | undefined;
  try {
    prepared = asPrepared(await candidate.prepare(options));
    const { tfjsName } = prepared;
    const objection = automatic ? candidate.onlyByName?.() : undefined;
    if (objection !== undefined) throw new Error(objection);
    if (before !== tfjsName) await download(before);
    if (!(await setBackend(tfjsName))) throw new Error("tfjs could not initialise it");
    await selfTest();
    await prepared.keep();
    nameBackend(tfjsName, name);
    return { name, summary: candidate.summary(), available: true, reason: "" };
  } catch (error) {
    await prepared?.undo();
    if (before && findBackendFactory(before)) await setBackend(before);
    return unavailable(name, error);
  }
}

/** The report of one that failed. */
export function unavailable(name: string, error: unknown): BackendReport {
  const message = error instanceof Error ? error.message : String(error);
  return { name, summary: "", available: false, reason: message.replace(/\.$/, "") };
}

/** Tensors of a GPU, which other backends could not take over without waiting. Those of a lost one are gone. */
async function download(tfjsName: string): Promise<void> {
  const left = (tfjsName ? findBackend(tfjsName) : undefined) as Partial<Downloading> | undefined;
  await left?.download?.().catch(() => undefined);
}

interface Downloading {
  download(): Promise<void>;
}

function asPrepared(prepared: string | PreparedBackend): PreparedBackend {
  if (typeof prepared === "string") return { tfjsName: prepared, keep() {}, undo() {} };
  const { tfjsName, keep, undo } = Object(prepared) as Partial<PreparedBackend>;
  const functions = [keep, undo].every((part) => typeof part === "function");
  if (typeof tfjsName === "string" && functions) return prepared;
  throw new BackendError(
    `prepare() gave ${show(prepared)}, expected tfjs's name of the backend, or { tfjsName, keep(), undo() }`,
  );
}
