import { show } from "@bn-only/errors";
import type { BackendCandidate } from "./candidate.ts";
import { cpu } from "./candidates/cpu.ts";
import { cuda, tensorflow } from "./candidates/tensorflow.ts";
import { tfjsWasm } from "./candidates/tfjs-wasm.ts";
import { wasm } from "./candidates/wasm.ts";
import { webgpu } from "./candidates/webgpu.ts";
import { BackendError } from "./errors.ts";

/** In the order in which `auto` tries them. */
const builtIn: readonly BackendCandidate[] = [cuda, tensorflow, webgpu, wasm, tfjsWasm, cpu];

const registered: BackendCandidate[] = [];

/** `auto`, and the backends that are here without anyone's doing. */
export const backendNames: readonly string[] = ["auto", ...builtIn.map(({ name }) => name)];

/**
 * Adds a backend to the list that every later `useBackend` and `inspectBackends` chooses from, before
 * those that are there. The same candidate again changes nothing.
 *
 * @throws BackendError when it is not a candidate, or another one has its name.
 */
export function registerBackendCandidate(candidate: BackendCandidate): void {
  if (registered.includes(candidate)) return;
  candidatesWith([candidate]);
  registered.unshift(candidate);
}

/**
 * Those of one call first, then those that were registered, then those that are built in.
 *
 * @throws BackendError when one is not a candidate, or two have one name.
 */
export function candidatesWith(extra: readonly BackendCandidate[] = []): BackendCandidate[] {
  if (!Array.isArray(extra)) {
    throw new BackendError(`candidates: expected a list of candidates, got ${show(extra)}.`);
  }
  extra.forEach(assertCandidate);
  const all: BackendCandidate[] = [...new Set([...extra, ...registered, ...builtIn])];
  const names = all.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new BackendError(
      `backend candidate: the name "${twice}" is taken. Give yours another one; taken are ${[...new Set(names)].join(", ")}.`,
    );
  }
  return all;
}

/** Candidates of others may come from JavaScript. */
function assertCandidate(candidate: unknown): void {
  const { name, couldWin, prepare, summary, identity, onlyByName } = Object(candidate) as Record<
    string,
    unknown
  >;
  const fits =
    typeof name === "string" &&
    name !== "" &&
    name !== "auto" &&
    typeof couldWin === "boolean" &&
    typeof prepare === "function" &&
    typeof summary === "function" &&
    [identity, onlyByName].every((part) => part === undefined || typeof part === "function");
  if (fits) return;
  throw new BackendError(
    `backend candidate: expected {name, couldWin, prepare(), summary()} with a name other than "auto", ` +
      `got ${show(candidate)}.`,
  );
}
