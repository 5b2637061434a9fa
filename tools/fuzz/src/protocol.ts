import type { Fault } from "./execute.ts";

/** What a worker is told. */
export interface WorkerTask {
  readonly target: string;
  readonly seed: number;
  /** Ends after this many, or when the time is over. */
  readonly executions: number;
  readonly milliseconds: number;
  /** `[executions of new inputs, bytes of the input, signs of life]`. */
  readonly progress: Int32Array;
  /** The input that is being parsed. */
  readonly input: Uint8Array;
}

/** What it says. */
export type WorkerMessage =
  | { readonly fault: Fault; readonly bytes: Uint8Array }
  | { readonly corpus: number; readonly code: number };
