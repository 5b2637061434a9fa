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
