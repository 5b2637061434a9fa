import pc from "picocolors";
import type { Io, Output } from "../io.ts";

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a terminal, none for anything else or with NO_COLOR (https://no-color.org). */
export function colorsFor(output: Output, env: Io["env"]): Colors {
  return pc.createColors(Boolean(output.isTTY) && !env["NO_COLOR"]);
}
