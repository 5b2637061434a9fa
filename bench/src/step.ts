import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const bin = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));

/** The last line of `bn-only bench --json` and of tools/bench/pytorch_step.py. */
export interface StepResult {
  readonly msPerStep: { readonly min: number; readonly median: number };
  /** Most bytes of tensors at once; not of PyTorch. */
  readonly peakBytes?: number | null;
  readonly description?: string;
}

/** `bn-only bench` in a process of its own, as command and first arguments. */
export const ours: readonly [string, ...string[]] = [process.execPath, bin, "bench"];

/** Runs a command that times steps. */
export async function timeSteps(
  [command, ...args]: readonly [string, ...string[]],
  options: Readonly<Record<string, string | number>>,
  flags: readonly string[] = [],
): Promise<StepResult> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const all = [...args, ...given, ...flags, "--json"];
  const { stdout } = await promisify(execFile)(command, all);
  return JSON.parse(stdout) as StepResult;
}
