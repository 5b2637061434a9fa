import type { BackendSelection } from "../../backend.ts";
import { UsageError } from "../../errors.ts";
import type { DataSelection } from "../shared/data-options.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface AnalyzeCommandOptions extends DataSelection, BackendSelection, PluginSelection {
  readonly thresholds?: readonly number[];
  readonly almost: number;
  readonly evaluate: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `0.001,0.01`: numbers from 0 that ascend. */
export function parseThresholds(text: string): number[] {
  const thresholds = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const fits = thresholds.every(
    (value, i) => Number.isFinite(value) && value >= 0 && (i === 0 || value > thresholds[i - 1]!),
  );
  if (fits) return thresholds;
  throw new UsageError(
    `--thresholds must be ascending numbers from 0 with commas between them, such as 0.001,0.01,0.1, got "${text}".`,
  );
}

export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share <= 1) return share;
  throw new UsageError(`--almost must be a number above 0 and up to 1, got "${text}".`);
}
