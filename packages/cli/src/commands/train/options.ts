import type { TrainingOptions } from "../../training/options.ts";
import { type Preset, presets } from "./presets.ts";

export interface TrainCommandOptions extends TrainingOptions {
  readonly preset?: Preset;
  readonly out?: string;
  readonly json?: boolean;
  /** Names of the options that were given by hand. */
  readonly byHand: ReadonlySet<string>;
}

/**
 * A preset's values wherever the user gave none himself, without what concerns this one call only.
 */
export function resolveOptions(given: TrainCommandOptions): TrainingOptions {
  const { preset, out: _out, json: _json, byHand, ...options } = given;
  if (preset === undefined) return options;
  const values = Object.entries(presets[preset]).filter(([name]) => !byHand.has(name));
  return { ...options, ...Object.fromEntries(values) };
}
