import type { Figure } from "../figure.ts";
import type { FigureSpec } from "../figure-spec.ts";
import type { StoredRun } from "../run-store.ts";
import type { OpenRun } from "../open-run.ts";

export interface FigureContext {
  readonly spec: FigureSpec;
  /** Those that finished. */
  readonly runs: readonly StoredRun[];
  /** Rebuilds a run's network and its test images, for what training did not measure. */
  readonly open: (run: StoredRun) => Promise<OpenRun>;
  /** Of Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What a figure shows of its runs. */
export type DrawFigure = (context: FigureContext) => Figure | Promise<Figure>;
