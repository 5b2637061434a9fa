import { printable } from "@bn-only/errors";
import type { Io, Output } from "./io.ts";

/** Lines for people. What comes from files, plugins and servers cannot steer the terminal. */
export function print({ stdout }: Pick<Io, "stdout">, text: string): void {
  printTo(stdout, text);
}

export function printTo(output: Output, text: string): void {
  output.write(`${text.split("\n").map(printable).join("\n")}\n`);
}
