import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../docs/decisions/", import.meta.url));

export interface Decision {
  /** Of its file, without `.md`. */
  readonly name: string;
  readonly title: string;
}

/** The records in `docs/decisions`, newest first. */
export function decisions(): Decision[] {
  return readdirSync(folder)
    .sort()
    .toReversed()
    .map((file) => ({
      name: file.replace(/\.md$/, ""),
      title: readFileSync(`${folder}${file}`, "utf8").split("\n", 1)[0]!.replace(/^# /, ""),
    }));
}
