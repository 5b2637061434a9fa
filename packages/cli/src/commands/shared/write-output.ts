import { writeWhole } from "@bn-only/files";
import { removeAbandoned } from "../../run/write.ts";
import { turn } from "../../turn.ts";

/** Writes the file that a command was asked for, unless Ctrl-C came before. */
export async function writeOutput(
  out: string,
  contents: string | Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  await turn(signal);
  removeAbandoned(out);
  writeWhole(out, contents);
}
