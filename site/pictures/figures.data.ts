import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../markdown/include.ts";

const bin = join(repository, "packages/cli/bin/bn-only.js");

/** SVGs by the name of the figure. */
declare const data: Readonly<Record<string, string>>;
export { data };

let made: Promise<Record<string, string>> | undefined;

/** What `bn-only reproduce` draws at the scale `tiny`, made here and now. */
export default { load: (): Promise<Record<string, string>> => (made ??= make(["curves"])) };

async function make(names: readonly string[]): Promise<Record<string, string>> {
  const out = await mkdtemp(join(tmpdir(), "bn-only-figures-"));
  try {
    const figures: Record<string, string> = {};
    for (const name of names) {
      await promisify(execFile)(process.execPath, [bin, "reproduce", name, "--out", out]);
      figures[name] = await readFile(join(out, `${name}.svg`), "utf8");
    }
    return figures;
  } finally {
    await rm(out, { recursive: true });
  }
}
