import { randomUUID } from "node:crypto";
import { machineTag } from "./process-identity.ts";

/** What a run folder holds. */
export const runFiles = {
  run: "run.json",
  metrics: "metrics.jsonl",
  /** The state of a run that has not finished. */
  checkpoint: "checkpoint.safetensors",
  /** The one before, for the case that the last is damaged. */
  previousCheckpoint: "checkpoint.previous.safetensors",
  /** All gammas before the first step. */
  gammas: "gammas.json",
  model: "model.safetensors",
  record: "report.json",
  report: "report.html",
} as const;

export type RunFileName = (typeof runFiles)[keyof typeof runFiles];

/** A run of `--overwrite` that has not finished, inside the folder of the one that it will replace. */
export const REPLACEMENT = ".replacement";
/** The same once it has finished: its files take the places of the old ones, whoever does it. */
export const COMMITTED = ".committed";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const LOCK = new RegExp(`^\\.lock-${UUID}$`);
const TEMPORARY = new RegExp(`^\\.[\\w.-]+\\.${UUID}\\.part$`);

/** Of a process that works in the folder, or of one that died there. */
export const isLockName = (name: string): boolean => LOCK.test(name);
export const newLockName = (): string => `.lock-${randomUUID()}`;

/** Of a file that is not whole yet: nobody can know the name before it exists. */
export const isTemporaryName = (name: string): boolean => TEMPORARY.test(name);
export const newTemporaryName = (name: string): string =>
  `.${name}.${ownerTag()}.${randomUUID()}.part`;

/** Whose process has the file, if that can be told: of another machine, or an earlier version's, it cannot. */
export function ownerOfTemporary(name: string): number | undefined {
  if (!isTemporaryName(name)) return undefined;
  const [machine, pid] = name.split(".").at(-3)?.split("-") ?? [];
  return machine === machineTag() && /^\d+$/.test(pid ?? "") ? Number(pid) : undefined;
}

const ownerTag = (): string => `${machineTag()}-${process.pid}`;
