import { imageSize } from "../data/shape.ts";
import type { FinishedRun } from "../run/read.ts";

/** The command that makes the same run again. */
export function commandLine({
  options,
  network,
}: Pick<FinishedRun, "options" | "network">): string {
  const flags = [
    ["dataset", options.dataset],
    ["condition", options.condition],
    ["epochs", options.epochs],
    ["batch-size", options.batchSize],
    ["optimizer", options.optimizer],
    ["learning-rate", options.learningRate],
    ["momentum", options.momentum],
    ["weight-decay", options.weightDecay],
    ["schedule", options.schedule],
    ["milestones", options.milestones?.join(",")],
    ["warmup", options.warmup],
    ["train-size", options.trainSize],
    ["test-size", options.testSize],
    ["input-shape", options.inputShape && imageSize(options.inputShape)],
    ["classes", options.classes],
    ["seed", options.seed],
    ["weight-init", options.weightInit],
    ["batch-norm-init", options.batchNormInit],
    ["normalization", options.normalization],
    ["augmentation", options.augmentation],
    ["checkpointed-stages", options.checkpointedStages || undefined],
  ] as const;
  const given = [
    ...(options.plugin ?? []).map((module) => `--plugin ${quote(module)}`),
    ...flags
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `--${name} ${quote(String(value))}`),
    ...(options.nesterov ? ["--nesterov"] : []),
    ...(options.augment ? [] : ["--no-augment"]),
    `--backend ${options.backend}`,
    // Another rounding, so other bits.
    ...(options.fma ? [] : ["--no-fma"]),
  ];
  return `bn-only train ${network} \\\n  ${given.join(" \\\n  ")}`;
}

/** Text as one word of a shell. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
