import { printable, unprintable } from "@bn-only/errors";
import type { Io } from "../io.ts";
import type { Reporter } from "./reporter.ts";

/** One object a line. JSON escapes most control characters, and lets through some that steer a terminal. */
export function writeJson(io: Io, value: unknown): void {
  const json = JSON.stringify(value).replace(unprintable, escape);
  io.stdout.write(`${json}\n`);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function jsonReporter(io: Io): Reporter {
  return {
    line: () => {},
    warn(message) {
      io.stderr.write(`warning: ${printable(message)}\n`);
      writeJson(io, { event: "warning", message });
    },
    data: (event) => writeJson(io, { ...event, event: `data-${event.event}` }),
    training: (event) => writeJson(io, event),
    close: () => {},
  };
}
