/** What a run folder holds. */
export const runFiles = {
  run: "run.json",
  metrics: "metrics.jsonl",
  model: "model.safetensors",
  record: "report.json",
  report: "report.html",
} as const;

export type RunFileName = (typeof runFiles)[keyof typeof runFiles];
