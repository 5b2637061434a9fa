import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { refuse } from "@bn-only/testing/command-line";

const bin = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));

/** Whether this Node's V8 can make one vector of two. */
export const revectorises = Number.parseInt(process.versions.node, 10) >= 24;

/** The last line of `bn-only bench --json` and of tools/bench/pytorch_step.py. */
export interface StepResult {
  readonly msPerStep: { readonly min: number; readonly median: number };
  /** Most bytes of tensors at once; not of PyTorch. */
  readonly peakBytes?: number | null;
  readonly description?: string;
}

/** A program and its first arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** `bn-only bench` as a process of its own. */
export const ours: Command = [process.execPath, bin, "bench"];

/** Runs a command that times steps; one that fails ends this process with its last line. */
export async function timeSteps(
  [program, ...args]: Command,
  options: Readonly<Record<string, string | number>>,
  flags: readonly string[] = [],
): Promise<StepResult> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const all = [...args, ...given, ...flags, "--json"];
  try {
    const { stdout } = await promisify(execFile)(program, all);
    return JSON.parse(stdout) as StepResult;
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const last = stderr.trim().split("\n").at(-1) || message;
    return refuse(`${program}: ${last.replace(/^error: /, "")}`);
  }
}
