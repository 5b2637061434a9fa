import type { Initialization } from "@bn-only/frozen-layers";
import type { Condition } from "@bn-only/trainer";
import type { AugmentationName } from "../data/augmentation.ts";
import type { NormalizationName } from "../data/normalization.ts";
import type { ImageShape } from "../data/shape.ts";
import type { RecipeOptions } from "./recipe.ts";

/** All that decides what comes of a run, resolved, as `run.json` keeps it. */
export interface TrainingOptions extends RecipeOptions {
  readonly plugin?: readonly string[];
  readonly dataset: string;
  readonly dataDir?: string;
  readonly trainSize?: number;
  readonly testSize?: number;
  readonly inputShape?: ImageShape;
  readonly classes?: number;
  /** Default: the data set's own. */
  readonly normalization?: NormalizationName;
  readonly augment: boolean;
  /** Default: `cifar`. */
  readonly augmentation?: AugmentationName;
  readonly condition: Condition;
  readonly backend: string;
  readonly threads?: number;
  readonly fma: boolean;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly weightInit: Initialization["weights"];
  readonly batchNormInit: Initialization["batchNorm"];
  readonly checkpointedStages: number;
  /** `none`, or an interval such as `5min`. */
  readonly checkpointEvery: string;
  /** Whether a page is made at the end. */
  readonly report: boolean;
}

/** `TrainingOptions` of a run that could begin. */
export interface ResolvedOptions extends TrainingOptions {
  readonly normalization: NormalizationName;
}

/** Options that change nothing about the model. */
const freeOptions = [
  "threads",
  "report",
  "checkpointEvery",
] as const satisfies readonly (keyof TrainingOptions)[];

export type FreeOption = (typeof freeOptions)[number];

export function withoutFree<T extends object>(options: T): Omit<T, FreeOption> {
  const free: readonly string[] = freeOptions;
  const others = Object.entries(options).filter(([name]) => !free.includes(name));
  return Object.fromEntries(others) as Omit<T, FreeOption>;
}
