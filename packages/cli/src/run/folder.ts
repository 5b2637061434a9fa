import { join } from "node:path";
import { makeFolder, syncFile, writeWhole } from "@bn-only/files";
import { describeError } from "../errors.ts";
import { runFiles } from "./files.ts";
import { MetricsFile } from "./metrics-file.ts";
import { commitReplacement } from "./replacement.ts";
import { removeTemporaries } from "./write.ts";

/**
 * `aborted` is Ctrl-C, `diverged` numbers that are not finite, `failed` any other error. A run that is `running`
 * while no process works in its folder was killed.
 */
export type RunStatus = "running" | "finished" | "aborted" | "diverged" | "failed";

export interface RunFolderOptions {
  /** Where the run will be found: another folder than `path` as long as it replaces an earlier run. */
  readonly out: string;
  readonly description: Readonly<Record<string, unknown>>;
  /** Told of the first thing that could not be written and does not end the run. */
  readonly warn: (line: string) => void;
}

/** The folder of one run, which this process has locked. Whenever the run stops, what is there can be read. */
export class RunFolder {
  /** Where its files are. */
  readonly path: string;
  readonly out: string;
  readonly #description: Readonly<Record<string, unknown>>;
  readonly #warn: (line: string) => void;
  readonly #metrics: MetricsFile;
  readonly #unwritten = new Set<string>();
  #warned = false;

  /** Begins the folder's run, or goes on with it after some lines of metrics. `run.json` comes first. */
  constructor(
    path: string,
    { out, description, warn }: RunFolderOptions,
    lines: readonly object[] = [],
  ) {
    this.path = path;
    this.out = out;
    this.#description = description;
    this.#warn = warn;
    makeFolder(path);
    removeTemporaries(path);
    this.setStatus("running");
    const text = Buffer.from(lines.map(asLine).join(""));
    this.write(runFiles.metrics, text);
    this.#metrics = new MetricsFile(this.file(runFiles.metrics), text.length);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  setStatus(status: RunStatus, more: Readonly<Record<string, unknown>> = {}): void {
    const run = { status, ...this.#description, ...more };
    this.write(runFiles.run, `${JSON.stringify(run, null, 2)}\n`);
  }

  /** One line of `metrics.jsonl`. */
  append(metrics: object): void {
    this.attempt(runFiles.metrics, () => this.#metrics.append(asLine(metrics)));
  }

  /** Tries once more what a full disk did not take. All lines are on disk when this returns. */
  appendWaiting(): void {
    this.attempt(runFiles.metrics, () => {
      this.#metrics.appendWaiting();
      syncFile(this.file(runFiles.metrics));
    });
  }

  /** Whether lines wait for a full disk. */
  get waits(): boolean {
    return this.#metrics.missing > 0;
  }

  /** Writes all of a file or nothing: readers never see half of it. */
  write(name: string, contents: string | Uint8Array): void {
    writeWhole(this.file(name), contents);
  }

  /** Does what the run can do without: a full disk is told of once, and the run goes on. */
  attempt(name: string, write: () => void): void {
    try {
      write();
      this.#unwritten.delete(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      this.#unwritten.add(name);
      if (this.#warned) return;
      this.#warned = true;
      this.#warn(`${name} could not be written, the run goes on without: ${describeError(error)}`);
    }
  }

  /** What `attempt` could not do until now and a finished run has, for people. */
  missing(): string[] {
    return [...this.#unwritten]
      .filter((name) => name !== runFiles.checkpoint)
      .map((name) =>
        name === runFiles.metrics && this.waits
          ? `${name} (${this.#metrics.missing} lines of it)`
          : name,
      );
  }

  /** Once the run has finished: it takes the place of the one before it, if there is one. */
  commit(): void {
    if (this.path !== this.out) commitReplacement(this.out);
  }
}

const asLine = (metrics: object): string => `${JSON.stringify(metrics)}\n`;
