import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DeadChannels, deadChannels, zeroOutputs } from "@bn-only/trainer";
import type { Io } from "../../../packages/cli/src/io.ts";
import { createReporter } from "../../../packages/cli/src/progress/reporter.ts";
import { openRun } from "../../../packages/cli/src/reproduce/open-run.ts";
import type { StoredRun } from "../../../packages/cli/src/reproduce/run-store.ts";

/** Beside the files of a run: what its ReLUs give for the test images. */
export const RELUS_FILE = "relus.json";

/** Looks at all test images with the model of a finished run. */
export async function countZeros(run: StoredRun, io: Io): Promise<DeadChannels> {
  const reporter = createReporter(io, {});
  const { network, test } = await openRun(run, { io, reporter });
  try {
    return deadChannels(await zeroOutputs(network, test, { signal: io.signal })).overall;
  } finally {
    network.dispose();
    reporter.close();
  }
}

/** Of a kept run; `undefined` for one that was kept without its model at hand. */
export function readZeros({ folder }: StoredRun): DeadChannels | undefined {
  const file = join(folder, RELUS_FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as DeadChannels) : undefined;
}
