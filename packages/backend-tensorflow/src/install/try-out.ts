import type { TensorflowDevice } from "../installation.ts";
import { ProgramError, runProgram } from "./program.ts";
import type { InstallContext } from "./context.ts";

export interface TryOut {
  /** Device and TensorFlow in a few words. */
  readonly description: string;
  /** Whether TensorFlow said that its oneDNN kernels are on. */
  readonly oneDnn: boolean;
}

/** Loads it, and compares the ops on small shapes with their definitions in float64. */
const script = `
const [main, conformance, core, device] = process.argv.slice(1);
try {
  const { backendName, implementedOps, registerTensorflowBackend } = await import(main);
  const { conformanceCases } = await import(conformance);
  const { setBackend } = await import(core);
  const { source } = registerTensorflowBackend({ device });
  await setBackend(backendName);
  const cases = conformanceCases().filter(({ name }) => !name.startsWith("statistics of"));
  for (const { op, name, tolerance, run } of cases) {
    const { error } = await run(implementedOps);
    if (!(error < tolerance)) throw new Error(op.name + ", " + name + ": it is off by " + error);
  }
  console.log(device === "cuda" ? "cuda" : "tensorflow", "(" + source + ")");
} catch (error) {
  console.log(error.message);
  process.exitCode = 3;
}`;

/**
 * Loads TensorFlow and checks its ops in a process of its own, which may crash.
 *
 * @throws Error that says what did not work.
 */
export async function tryOut(
  device: TensorflowDevice,
  { env, signal }: Pick<InstallContext, "env" | "signal">,
): Promise<TryOut> {
  const modules = [
    "@bn-only/backend-tensorflow",
    "@bn-only/frozen-layers/conformance",
    "@tensorflow/tfjs-core",
  ].map((name) => import.meta.resolve(name));
  const args = ["--input-type=module", "--eval", script, ...modules, device];
  try {
    const { stdout, stderr } = await runProgram(process.execPath, args, {
      env: { ...env, TF_CPP_MIN_LOG_LEVEL: "0" },
      signal,
      // Where relative paths of variables begin; the script imports absolute ones only.
      cwd: process.cwd(),
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
