import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TensorflowError } from "../errors.ts";

const execute = promisify(execFile);

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /**
   * Python looks there first for modules, and npm for settings: never where the user happens to be, which may be a
   * folder from elsewhere.
   */
  readonly cwd: string;
}

/** A program that is not there, or that ended badly. */
export class ProgramError extends TensorflowError {
  static override readonly marker: symbol = Symbol.for("bn-only.backend-tensorflow.ProgramError");
  override name = "ProgramError";
  /** Whether it could not even be started. */
  readonly missing: boolean;
  /** What it wrote, on both streams. */
  readonly output: string;

  constructor(message: string, missing: boolean, output: string, cause: unknown) {
    super(message, { cause });
    this.missing = missing;
    this.output = output;
  }
}

/**
 * Runs a program to its end and gives what it wrote. Aborting ends it.
 *
 * @throws ProgramError
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, signal, cwd }: ProgramOptions,
): Promise<{ stdout: string; stderr: string }> {
  try {
    return await execute(program, args, { env, signal, cwd, maxBuffer: 2 ** 26 });
  } catch (error) {
    signal.throwIfAborted();
    const { code, signal: killedBy, stdout = "", stderr = "" } = error as FailedProcess;
    const how = killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}`;
    const missing = code === "ENOENT" || code === "EACCES";
    throw new ProgramError(
      missing ? `${program} cannot be started` : `${program} ${how}`,
      missing,
      `${stdout}\n${stderr}`,
      error,
    );
  }
}

interface FailedProcess {
  readonly code?: string | number;
  readonly signal?: string;
  readonly stdout?: string;
  readonly stderr?: string;
}
