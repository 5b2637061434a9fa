import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { basename } from "node:path";
import { SourceError } from "../errors.ts";

/** Program and leading arguments that start the npm client. */
export type NpmCommand = readonly [program: string, ...leadingArguments: string[]];

export interface RunNpmOptions {
  readonly cwd: string;
  /** Aborting it ends npm; the promise rejects with its reason once npm is gone. */
  readonly signal: AbortSignal;
  readonly command?: NpmCommand | undefined;
}

/** Settings that `npm run` passes down and that would change what `npm pack <package>` does. */
const inheritedSettings = /^npm_config_(workspaces?|include_workspace_root|dry_run|global)$/i;

/** Milliseconds between the polite signal and the other one. */
const killDelay = 1000;

/**
 * Runs the npm client once and waits for its end. No retries: the caller has other sources.
 *
 * @throws SourceError when npm is absent or fails, with the first line of its complaint
 */
export async function runNpm(
  args: readonly string[],
  { cwd, signal, command = npmCommand() }: RunNpmOptions,
): Promise<void> {
  signal.throwIfAborted();
  const [program, ...leading] = command;
  const environment = Object.entries(process.env).filter(([key]) => !inheritedSettings.test(key));
  const child = spawn(
    program,
    [...leading, ...args, "--ignore-scripts", "--fetch-retries=0", "--loglevel=error"],
    {
      cwd,
      env: { ...Object.fromEntries(environment), npm_config_update_notifier: "false" },
      stdio: ["ignore", "ignore", "pipe"],
      // npm is a .cmd file on Windows, which needs a shell; all arguments are constants.
      shell: process.platform === "win32" && program === "npm",
      windowsHide: true,
    },
  );
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    if (complaint.length < 4096) complaint += text;
  });
  const stop = (): void => kill(child);
  process.once("exit", stop);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended(child);
    signal.throwIfAborted();
    if (code !== 0) throw new SourceError(`npm failed: ${summarize(complaint, code)}`);
  } finally {
    process.off("exit", stop);
    signal.removeEventListener("abort", stop);
  }
}

/** The npm that runs this process, if one does; else `npm` on the PATH. */
function npmCommand(): NpmCommand {
  const running = process.env["npm_execpath"];
  return running !== undefined && basename(running) === "npm-cli.js"
    ? [process.execPath, running]
    : ["npm"];
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === "ENOENT" ? "the npm client is not on the PATH" : `npm: ${error.message}`;
      reject(new SourceError(reason, { cause: error }));
    });
    child.once("close", resolve);
  });
}

function kill(child: ChildProcess): void {
  if (child.exitCode !== null || child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), killDelay).unref();
}

/** `npm error code ENOTFOUND` and the sentence after it, without npm's prefix. */
function summarize(complaint: string, code: number | null): string {
  const lines = complaint
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("npm "));
  return lines.length === 0 ? `exit code ${code}` : lines.slice(0, 3).join(", ").slice(0, 240);
}
