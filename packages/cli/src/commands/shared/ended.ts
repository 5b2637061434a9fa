import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { readRunFile } from "../../run/read.ts";

/** For a run that had finished when its process was killed, and whose folder has been put in order now. */
export function tellEnded(
  out: string,
  { io, json }: { readonly io: Io; readonly json: boolean },
): void {
  const { result } = readRunFile(out);
  if (json && result !== undefined) return writeJson(io, result);
  print(
    io,
    `${out}: the run had finished when its process was killed; what was left to do is done`,
  );
}
