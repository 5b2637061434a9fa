import { checkpoint, type NamedCallback, type TrainingState } from "@bn-only/trainer";
import { hasCheckpoint, writeCheckpoint } from "../run/checkpoint.ts";
import { runFiles } from "../run/files.ts";
import type { RunFolder } from "../run/folder.ts";

/** What of a run is kept while it trains, so that it can go on. */
export class Checkpoints {
  /** For `train`; none with `none`. */
  readonly callbacks: readonly NamedCallback[];
  readonly #folder: RunFolder;
  readonly #every: string;
  #lastStep: number | undefined;
  #step: number;

  /** @param step of the state that the run goes on from */
  constructor(folder: RunFolder, every: string, step: number | undefined) {
    this.#folder = folder;
    this.#every = every;
    this.#lastStep = step;
    this.#step = step ?? 0;
    const save = (bytes: Uint8Array, state: TrainingState): void => this.#save(bytes, state);
    this.callbacks = every === "none" ? [] : [checkpoint({ every, save })];
  }

  exist(): boolean {
    return hasCheckpoint(this.#folder.path);
  }

  /** Whether there was a step, in an earlier process too. */
  get begun(): boolean {
    return this.#step > 0;
  }

  /** Told of every step that was done. */
  reached(step: number): void {
    this.#step = step;
  }

  /** What is lost if the run stops now, for people, and how it goes on by a command. */
  howToGoOn(command: string): string {
    const [kept, done] = [this.exist() ? this.#lastStep : undefined, this.#step];
    if (kept === done) return `to go on: ${command}`;
    const why = this.#every === "none" ? " (--checkpoint-every none)" : "";
    if (kept === undefined) {
      const steps = done === 0 ? "" : ` (${done} ${done === 1 ? "step" : "steps"})`;
      return `no checkpoint was written${why}, so nothing of the training${steps} was kept; to begin it again: ${command}`;
    }
    const lost = kept + 1 === done ? `step ${done} is` : `steps ${kept + 1} to ${done} are`;
    return `no checkpoint was written at the end${why}, so ${lost} lost; to go on after step ${kept}: ${command}`;
  }

  /** A sentence about the last state that is on disk. */
  lastGood(): string {
    const { path } = this.#folder;
    if (this.exist() && this.#lastStep !== undefined) {
      return `The last good checkpoint is that of step ${this.#lastStep}, in ${path}.`;
    }
    const why = this.#every === "none" ? " (--checkpoint-every none)" : "";
    return `Nothing of the training was kept${why}.`;
  }

  #save(bytes: Uint8Array, state: TrainingState): void {
    const name = runFiles.checkpoint;
    // A state must not know more steps than the metrics do, as far as the disk takes them.
    this.#folder.appendWaiting();
    this.#folder.attempt(name, () => {
      writeCheckpoint(this.#folder.path, bytes);
      this.#lastStep = state.step;
    });
  }
}
