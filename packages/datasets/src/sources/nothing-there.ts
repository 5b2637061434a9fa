import { SourceError } from "../errors.ts";

/** A folder that holds nothing of a data set, as most do. */
export class NothingThereError extends SourceError {
  /** Without the name of the folder. */
  readonly reason: string;

  constructor(source: string, reason: string) {
    super(`${source}: ${reason}`);
    this.reason = reason;
  }
}
