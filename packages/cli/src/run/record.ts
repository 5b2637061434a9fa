import type { PublishedNetwork } from "@bn-only/resnet-zoo";
import type { TrainingOptions } from "../training/options.ts";
import type { ResultEvent } from "../result.ts";
import type { RunStatus } from "./folder.ts";

/** `run.json` from the start of a run on. */
export interface RunDescription {
  readonly network: string;
  readonly options: TrainingOptions;
  /** Where the options' relative paths and packages are looked up; old runs do not tell. */
  readonly workingFolder?: string;
  readonly started: string;
  readonly versions: { readonly bnOnly: string; readonly tfjs: string; readonly node: string };
  readonly machine: { readonly cpu: string; readonly cores: number; readonly platform: string };
}

/** `run.json` */
export interface RunFile extends RunDescription {
  readonly status: RunStatus;
  /** Why it stopped, unless it finished. */
  readonly message?: string;
  /** Once it finished. */
  readonly result?: ResultEvent;
}

/** `report.json`: what the report shows and no other file of the run folder holds. */
export interface ReportRecord {
  readonly network: {
    /** Multiply-accumulate operations per image, at this run's shape and classes. */
    readonly macs: number;
    readonly batchNormParameters: number;
    readonly published?: PublishedNetwork;
  };
  readonly classes: readonly string[];
  /** Number of images in an epoch. */
  readonly trainImages: number;
  readonly gammaBefore: readonly number[];
  readonly gammaAfter: readonly number[];
  /** Some test images, and what the network took them for. */
  readonly shown: readonly ShownImage[];
  /** Why there are none, where they could not be read or tested once more. */
  readonly notShown?: string;
}

export interface ShownImage {
  /** A PNG in base64. */
  readonly png: string;
  readonly label: number;
  readonly prediction: number;
}

/** Float32 values in as few digits as give the same bits again. */
export function shortNumbers(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(9)));
}
