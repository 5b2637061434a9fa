import { PAPER_THRESHOLD } from "../../paper-threshold.ts";

/** The place of the paper's threshold where it is one of those asked for, else of the first. */
export function markedThreshold(thresholds: readonly number[]): number {
  return Math.max(0, thresholds.indexOf(PAPER_THRESHOLD));
}
