import { naming } from "@bn-only/files";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";

/** Lines of one write. */
const AT_ONCE = 64;
/** Lines that wait for a full disk, some 30 MB; what comes after them is lost. */
const WAITING = 200_000;

/**
 * `metrics.jsonl` of a run that goes on. What cannot be written waits, is tried again with the next line, and
 * takes the place of the half that was written, so that a disk which somebody frees has no gap.
 */
export class MetricsFile {
  readonly #file: string;
  #size: number;
  readonly #waiting: string[] = [];
  #lost = 0;

  /** @param size bytes that the file has, all of them whole lines */
  constructor(file: string, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Lines that are not in the file. */
  get missing(): number {
    return this.#waiting.length + this.#lost;
  }

  /** Written when this returns. */
  append(line: string): void {
    if (this.#waiting.length < WAITING) this.#waiting.push(line);
    else this.#lost += 1;
    this.appendWaiting();
  }

  appendWaiting(): void {
    if (this.#waiting.length > 0) naming(this.#file, () => this.#write());
  }

  #write(): void {
    // Never made anew: what the earlier lines were would be hidden.
    const descriptor = openSync(this.#file, "r+");
    try {
      while (this.#waiting.length > 0) {
        const lines = this.#waiting.slice(0, AT_ONCE);
        const bytes = Buffer.from(lines.join(""));
        for (let done = 0; done < bytes.length;) {
          const rest = bytes.length - done;
          done += writeSync(descriptor, bytes, done, rest, this.#size + done);
        }
        this.#size += bytes.length;
        this.#waiting.splice(0, lines.length);
      }
    } catch (error) {
      ftruncateSync(descriptor, this.#size);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  }
}
