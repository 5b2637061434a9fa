import type { Io } from "../io.ts";
import type { Reporter } from "./reporter.ts";

/** One object a line. */
export function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}

export function jsonReporter(io: Io): Reporter {
  return {
    line: () => {},
    warn(message) {
      io.stderr.write(`warning: ${message}\n`);
      writeJson(io, { event: "warning", message });
    },
    data: (event) => writeJson(io, { ...event, event: `data-${event.event}` }),
    training: (event) => writeJson(io, event),
    close: () => {},
  };
}
