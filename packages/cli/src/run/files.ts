import { randomUUID } from "node:crypto";

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

/** Of a process that works in the folder, or of one that died there. */
export const isLockName = (name: string): boolean => LOCK.test(name);
export const newLockName = (): string => `.lock-${randomUUID()}`;
