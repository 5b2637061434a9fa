import { cacheFolder, makeFolder, writeWhole } from "@bn-only/files";
import type { BackendOptions, BackendCandidate } from "./candidate.ts";
import { environmentVariable, inNode, packageVersion } from "./node.ts";

/** Which of several backends was the fastest here, and what each of them took. */
export interface Measurement {
  readonly name: string;
  /** Milliseconds of a step, by the name of the backend. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** Entries of the file; the oldest go first. */
const KEPT = 20;

const inProcess = new Map<string, Measurement>();

/** All that a measurement depends on: the machine, the versions, the options or the variables that stand for them, and who took part. */
export async function measurementKey(
  candidates: readonly BackendCandidate[],
  { threads, fma, revec }: BackendOptions,
): Promise<string> {
  const contenders = await Promise.all(
    candidates.map(async (candidate) => [candidate.name, await identityOf(candidate)]),
  );
  return JSON.stringify({
    machine: machine(),
    layers: packageVersion("@bn-only/frozen-layers"),
    threads: threads ?? environmentVariable("BN_ONLY_THREADS"),
    tensorflowThreads: threads ?? environmentVariable("TF_NUM_INTRAOP_THREADS"),
    fma: fma ?? environmentVariable("BN_ONLY_FMA"),
    revec: revec ?? environmentVariable("BN_ONLY_REVEC"),
    contenders,
  });
}

/** What was measured under this key, in this process or in an earlier one on this machine. */
export function recall(key: string): Measurement | undefined {
  const known = inProcess.get(key) ?? readAll()[key];
  return isMeasurement(known) ? known : undefined;
}

/** Keeps a measurement for this process and, in Node, in the user's cache folder. */
export function remember(key: string, measurement: Measurement): void {
  inProcess.set(key, measurement);
  if (!inNode()) return;
  const { dirname } = process.getBuiltinModule("node:path");
  const { [key]: _previous, ...others } = readAll();
  const entries = [...Object.entries(others), [key, measurement] as const].slice(-KEPT);
  try {
    const file = measurementFile();
    makeFolder(dirname(file));
    writeWhole(file, `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`);
  } catch {
    // A cache that cannot be written costs the next process another measurement.
  }
}

/** Forgets what this process knows, so that the file counts; for tests. */
export function forgetMeasurements(): void {
  inProcess.clear();
}

/** `backends.json` in the folder of this library in the user's cache folder. */
function measurementFile(): string {
  const { join } = process.getBuiltinModule("node:path");
  return join(cacheFolder(), "backends.json");
}

/** Empty where there is no file, or none that can be read. */
function readAll(): Record<string, unknown> {
  if (!inNode()) return {};
  try {
    const { readFileSync } = process.getBuiltinModule("node:fs");
    const contents: unknown = JSON.parse(readFileSync(measurementFile(), "utf8"));
    return { ...(contents as Record<string, unknown>) };
  } catch {
    return {};
  }
}

function isMeasurement(value: unknown): value is Measurement {
  const { name, milliseconds } = Object(value) as Partial<Measurement>;
  return (
    typeof name === "string" &&
    typeof milliseconds === "object" &&
    milliseconds !== null &&
    Object.values(milliseconds).every((time) => Number.isFinite(time))
  );
}

async function identityOf(candidate: BackendCandidate): Promise<string | undefined> {
  try {
    return await candidate.identity?.();
  } catch {
    return undefined;
  }
}

function machine(): object {
  if (!inNode()) return {};
  const { arch, availableParallelism, cpus } = process.getBuiltinModule("node:os");
  const { node } = process.versions;
  let cpu: string | undefined;
  try {
    cpu = cpus()[0]?.model;
  } catch {
    // Deno has to permit it.
  }
  return { arch: arch(), cpu, cores: availableParallelism(), node };
}
