import { conditions } from "@bn-only/trainer";
import type { StoredRun } from "./run-store.ts";

/** Runs in the order in which people read: `cifar-resnet-14` before `-110`, conditions as the trainer lists them, seeds. */
export function inOrder(runs: readonly StoredRun[]): StoredRun[] {
  return [...runs].sort(
    ({ configuration: a }, { configuration: b }) =>
      a.network.localeCompare(b.network, "en", { numeric: true }) ||
      place(a.condition) - place(b.condition) ||
      a.condition.localeCompare(b.condition, "en", { numeric: true }) ||
      a.batchNormInit.localeCompare(b.batchNormInit, "en") * -1 ||
      a.seed - b.seed,
  );
}

/** Conditions that the trainer does not list come last. */
function place(condition: StoredRun["configuration"]["condition"]): number {
  const index = conditions.indexOf(condition);
  return index < 0 ? conditions.length : index;
}
