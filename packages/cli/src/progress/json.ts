import type { Io } from "../io.ts";
import type { Reporter } from "./reporter.ts";

/** One object a line. */
export function writeJson(io: Io, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}

export function jsonReporter(io: Io): Reporter {
  return {
    line: () => {},
    data: (event) => writeJson(io, { ...event, event: `data-${event.event}` }),
    training: (event) => writeJson(io, event),
    close: () => {},
  };
}
