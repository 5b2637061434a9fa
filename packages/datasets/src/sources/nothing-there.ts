import { SourceError } from "../errors.ts";

/** A folder that holds nothing of a data set, as most do. */
export class NothingThereError extends SourceError {}
