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

/** The real process: the first Ctrl-C asks commands to stop, the second one ends everything. */
export function processIo(): Io {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Interrupted()));
  process.once("SIGTERM", () => controller.abort(new Interrupted()));
  // A reader such as `head` may go away at any time; that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const { stdout, stderr, env } = process;
  return { stdout, stderr, env, signal: controller.signal };
}

/** The reason of an abort by Ctrl-C. */
export class Interrupted extends Error {
  override name = "Interrupted";

  constructor() {
    super("interrupted");
  }
}
