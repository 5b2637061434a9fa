import { isAbsolute } from "node:path";
import { folderPath } from "../data/folder.ts";
import { type TrainingOptions, withoutFree } from "../training/options.ts";
import type { RunDescription } from "./record.ts";

/**
 * What keeps a command line from being that of a run that has begun, such as `seed 0, not 1`; undefined if both would end in
 * the same model. What the machine or the data decided counts where the command line leaves it to them.
 */
export function firstDifference(
  run: RunDescription,
  { network, options }: { readonly network: string; readonly options: TrainingOptions },
): string | undefined {
  if (run.network !== network) return `the network ${run.network}, not ${network}`;
  const begun: Readonly<Record<string, unknown>> = withoutFree(run.options);
  const wanted: Readonly<Record<string, unknown>> = withoutFree(options);
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(begun)])) {
    const [there, here] = [JSON.stringify(begun[name]), JSON.stringify(wanted[name])];
    if (there === here) continue;
    if (name === "backend" && wanted[name] === "auto") continue;
    if (name === "normalization" && here === undefined) continue;
    return `${name} ${there ?? "not given"}, not ${here ?? "without"}`;
  }
  if (namesRelativePath(options) && run.workingFolder !== process.cwd()) {
    return `paths from ${run.workingFolder ?? "another folder"}, not ${process.cwd()}`;
  }
  return undefined;
}

function namesRelativePath({ dataset, dataDir, plugin = [] }: TrainingOptions): boolean {
  const paths = [
    folderPath(dataset),
    dataDir,
    ...plugin.filter((module) => module.startsWith(".")),
  ];
  return paths.some((path) => path !== undefined && !isAbsolute(path));
}
