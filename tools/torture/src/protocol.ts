import type { Fault } from "./fault.ts";
import type { Operation } from "./layer/operation.ts";

/** One command line, run by a worker inside a folder. */
export interface Task {
  readonly folder: string;
  readonly args: readonly string[];
  /** Ctrl-C once it has told of this step, with `--json`. */
  readonly interruptAt?: number;
  readonly fault?: Fault;
}

export interface Outcome {
  /** Undefined for a process that was killed. */
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  readonly operations: readonly Operation[];
  /** Whether the fault came to happen. */
  readonly struck: boolean;
}
