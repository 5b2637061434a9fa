import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./errors.ts";

/** `aborted` is Ctrl-C, `failed` any error. */
export type RunStatus = "running" | "finished" | "aborted" | "failed";

/**
 * The folder of one run: `run.json`, `metrics.jsonl`, and at the end `model.safetensors` and
 * `report.html`. Whenever the run stops, what is there can be read, and is of this run.
 */
export class RunFolder {
  readonly path: string;
  readonly #description: Readonly<Record<string, unknown>>;

  /** @throws UsageError when the folder holds something that is not a run of ours. */
  constructor(path: string, description: Readonly<Record<string, unknown>>) {
    this.path = path;
    this.#description = description;
    makeFolder(path);
    const files = readdirSync(path);
    if (files.length > 0 && !files.includes("run.json")) {
      throw new UsageError(
        `--out ${path} is not empty and holds no run. Choose a new folder, or empty this one.`,
      );
    }
    for (const name of ["model.safetensors", "report.html"])
      rmSync(this.file(name), { force: true });
    this.write("metrics.jsonl", "");
    this.setStatus("running");
  }

  file(name: string): string {
    return join(this.path, name);
  }

  setStatus(status: RunStatus, more: Readonly<Record<string, unknown>> = {}): void {
    const run = `${JSON.stringify({ status, ...this.#description, ...more }, null, 2)}\n`;
    try {
      this.write("run.json", run);
    } catch (error) {
      if (!existsSync(this.file("run.json"))) throw error;
      overwrite(this.file("run.json"), run);
    }
  }

  /** One line of `metrics.jsonl`, on disk when this returns. */
  append(metrics: object): void {
    const file = this.file("metrics.jsonl");
    naming(file, () => appendFileSync(file, `${JSON.stringify(metrics)}\n`));
  }

  /** Writes all of a file or nothing: readers never see half of it. */
  write(name: string, contents: string | Uint8Array): void {
    const temporary = this.file(`.${name}.${process.pid}`);
    try {
      naming(this.file(name), () => writeFileSync(temporary, contents));
      renameSync(temporary, this.file(name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }
}

/** `mkdirSync` with `recursive` hides why a folder cannot be made. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** In the blocks that a file has already, which a full disk allows. */
function overwrite(file: string, contents: string): void {
  const descriptor = openSync(file, "r+");
  try {
    ftruncateSync(descriptor, writeSync(descriptor, contents));
  } finally {
    closeSync(descriptor);
  }
}

/** The system's errors about a full disk do not say where. */
function naming(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw Object.assign(error as Error, { path });
  }
}
