import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
    mkdirSync(path, { recursive: true });
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
    const run = { status, ...this.#description, ...more };
    this.write("run.json", `${JSON.stringify(run, null, 2)}\n`);
  }

  /** One line of `metrics.jsonl`, on disk when this returns. */
  append(metrics: object): void {
    appendFileSync(this.file("metrics.jsonl"), `${JSON.stringify(metrics)}\n`);
  }

  /** Writes all of a file or nothing: readers never see half of it. */
  write(name: string, contents: string | Uint8Array): void {
    const temporary = this.file(`.${name}.${process.pid}`);
    try {
      writeFileSync(temporary, contents);
      renameSync(temporary, this.file(name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }
}
