import type { TrainingState } from "@bn-only/trainer";

type Line = Readonly<Record<string, unknown>>;

/**
 * The lines of a run's metrics as of a state: those of later steps go, and epochs that the state knows come from
 * there, whether or not their lines were written.
 */
export function metricsUpTo(
  lines: readonly Line[],
  state: Pick<TrainingState, "step" | "history"> | undefined,
): object[] {
  if (state === undefined) return [];
  const steps = lines.filter(
    ({ event, step, epoch }) =>
      event === "step" && isNumber(step) && isNumber(epoch) && step <= state.step,
  );
  const rest = [...steps];
  const done: object[] = [];
  for (const epoch of state.history) {
    while (rest.length > 0 && Number(rest[0]!["epoch"]) <= epoch.epoch) done.push(rest.shift()!);
    done.push(epoch);
  }
  return [...done, ...rest];
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
