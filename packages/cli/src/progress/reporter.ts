import { printable } from "@bn-only/errors";
import type { DatasetEvent } from "@bn-only/datasets";
import type { TrainEvent } from "@bn-only/trainer";
import type { Io } from "../io.ts";
import { jsonReporter } from "./json.ts";
import { plainReporter } from "./plain.ts";
import { terminalReporter } from "./terminal.ts";

/** Shows what goes on. `close` must leave the terminal as it was and may be called twice. */
export interface Reporter {
  /** One line for people; not shown with --json. */
  line(text: string): void;
  /** One line on stderr that does not end the command, and an object with --json. */
  warn(text: string): void;
  data(event: DatasetEvent): void;
  training(event: TrainEvent): void;
  close(): void;
}

/**
 * Objects for programs, a bar for terminals, plain lines for everything else; nothing that comes from a file or a
 * server can steer the terminal.
 */
export function createReporter(io: Io, { json }: { readonly json?: boolean }): Reporter {
  if (json) return jsonReporter(io);
  const redraws = io.stdout.isTTY && io.env["TERM"] !== "dumb";
  const reporter = redraws ? terminalReporter(io) : plainReporter(io);
  return {
    ...reporter,
    line: (text) => reporter.line(printable(text)),
    warn: (text) => reporter.warn(printable(text)),
    data: (event) =>
      reporter.data(
        event.event === "download"
          ? { ...event, source: printable(event.source) }
          : { ...event, message: printable(event.message) },
      ),
  };
}
