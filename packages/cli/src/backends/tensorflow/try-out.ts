import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { ProgramError, runProgram } from "../program.ts";
import type { InstallContext } from "./context.ts";

export interface TryOut {
  /** What `useBackend` says of it. */
  readonly description: string;
  /** Whether TensorFlow said that its oneDNN kernels are on. */
  readonly oneDnn: boolean;
}

const script = `
const [trainer, name] = process.argv.slice(1);
const { useBackend } = await import(trainer);
try {
  console.log((await useBackend(name)).description);
} catch (error) {
  console.log(error.message);
  process.exitCode = 3;
}`;

/**
 * Loads and self-tests a backend in a process of its own, which may crash.
 *
 * @throws Error that says what did not work.
 */
export async function tryOut(
  name: "tensorflow" | "cuda",
  { env, signal }: Pick<InstallContext, "env" | "signal">,
): Promise<TryOut> {
  const trainer = pathToFileURL(createRequire(import.meta.url).resolve("@bn-only/trainer")).href;
  const args = ["--input-type=module", "--eval", script, trainer, name];
  try {
    const { stdout, stderr } = await runProgram(process.execPath, args, {
      env: { ...env, TF_CPP_MIN_LOG_LEVEL: "0" },
      signal,
    });
    const oneDnn = /oneDNN custom operations are on/.test(stderr);
    return { description: stdout.trim(), oneDnn };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const said = error.message.endsWith("code 3") && error.output.trim().split("\n")[0];
    throw new Error(said || `a process that tried it ${error.message.replace(/^\S+ /, "")}`, {
      cause: error,
    });
  }
}
