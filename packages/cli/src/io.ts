import { constants } from "node:os";
import { isErrorOf } from "@bn-only/errors";

/** What a command may touch of the process it runs in; tests bring their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires at Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export const HIDE_CURSOR = "\u001b[?25l";
export const SHOW_CURSOR = "\u001b[?25h";

/** The reason of an abort by a signal, Ctrl-C above all. */
export class Interrupted extends Error {
  static readonly marker: symbol = Symbol.for("bn-only.cli.Interrupted");
  override name = "Interrupted";
  /** 128 and the signal's number, the shell's convention: 130 for Ctrl-C. */
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE" = "SIGINT") {
    super("interrupted");
    this.exitCode = 128 + constants.signals[signal];
  }

  static isInstance(value: unknown): value is Interrupted {
    return isErrorOf(this, value);
  }
}

/** The real process: the first Ctrl-C asks commands to stop, the second one ends everything. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const interrupted = new Interrupted(name);
      if (controller.signal.aborted) {
        if (stdout.isTTY) stdout.write(`${SHOW_CURSOR}\n`);
        process.exit(interrupted.exitCode);
      }
      controller.abort(interrupted);
    });
  }
  // A reader such as `head` may go away at any time; nobody is left to tell then.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    const gone = new Interrupted("SIGPIPE");
    controller.abort(gone);
    if (error.code === "EPIPE") process.exit(gone.exitCode);
    stderr.write(`error: standard output cannot be written (${error.message}).\n`);
    process.exit(1);
  });
  // Nor does it change what a command does, or its exit code, that nobody reads its errors.
  stderr.on("error", () => {});
  return { stdout, stderr, env, signal: controller.signal };
}
