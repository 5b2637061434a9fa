import { accessSync, appendFileSync, constants, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { runFiles } from "./files.ts";
import { makeFolder, naming, overwrite, writeWhole } from "./write.ts";

/** `aborted` is Ctrl-C, `failed` any error. */
export type RunStatus = "running" | "finished" | "aborted" | "failed";

/**
 * The folder of one run. Whenever the run stops, what is there can be read, and is of this run.
 * `createRunFolder` begins one.
 */
export class RunFolder {
  readonly path: string;
  readonly #description: Readonly<Record<string, unknown>>;

  constructor(path: string, description: Readonly<Record<string, unknown>>) {
    this.path = path;
    this.#description = description;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  setStatus(status: RunStatus, more: Readonly<Record<string, unknown>> = {}): void {
    const run = `${JSON.stringify({ status, ...this.#description, ...more }, null, 2)}\n`;
    try {
      this.write(runFiles.run, run);
    } catch (error) {
      if (!existsSync(this.file(runFiles.run))) throw error;
      overwrite(this.file(runFiles.run), run);
    }
  }

  /** One line of `metrics.jsonl`, written when this returns. */
  append(metrics: object): void {
    const file = this.file(runFiles.metrics);
    naming(file, () => appendFileSync(file, `${JSON.stringify(metrics)}\n`));
  }

  /** Writes all of a file or nothing: readers never see half of it. */
  write(name: string, contents: string | Uint8Array): void {
    writeWhole(this.file(name), contents);
  }
}

/** The folder of a run that goes on: its metrics end where its state does. */
export function reopenRunFolder(
  path: string,
  description: Readonly<Record<string, unknown>>,
  lines: readonly object[],
): RunFolder {
  const folder = new RunFolder(path, description);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  folder.write(runFiles.metrics, text);
  folder.setStatus("running");
  return folder;
}

/**
 * Makes the folder, or takes that of an earlier run and removes what it left.
 *
 * @throws UsageError when the folder holds something that is not a run of ours.
 */
export function createRunFolder(
  path: string,
  description: Readonly<Record<string, unknown>>,
): RunFolder {
  makeFolder(path);
  checkContents(path);
  const folder = new RunFolder(path, description);
  const ofEarlierRun = Object.values(runFiles).filter((name) => name !== runFiles.run);
  for (const name of ofEarlierRun) rmSync(folder.file(name), { force: true });
  folder.write(runFiles.metrics, "");
  folder.setStatus("running");
  return folder;
}

/**
 * Whether a run folder could be made at `path`, asked before there is anything to put there.
 *
 * @throws UsageError, or the system's error with its path.
 */
export function checkRunFolder(path: string): void {
  if (existsSync(path)) checkContents(path);
  let nearest = resolve(path);
  while (!existsSync(nearest)) nearest = dirname(nearest);
  readdirSync(nearest);
  accessSync(nearest, constants.W_OK);
}

function checkContents(path: string): void {
  const files = readdirSync(path);
  if (files.length > 0 && !files.includes(runFiles.run)) {
    throw new UsageError(
      `--out ${path} is not empty and holds no run. Choose a new folder, or empty this one.`,
    );
  }
}
