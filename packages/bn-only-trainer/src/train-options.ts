import type {
  Network,
  RunningStatistic,
  Selector,
  TrainableSelection,
} from "@bn-only/frozen-layers";
import type { Condition } from "./conditions.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import type { Schedule } from "./schedules/schedule.ts";
import type { TrainingState } from "./state/training-state.ts";
import type { BatchSource, EpochEvent, StatefulCallback, TrainCallback } from "./types.ts";

export interface TrainOptions {
  /** Changed in place: its trainable parameters and running statistics move. */
  readonly network: Network;
  readonly data: {
    readonly train: BatchSource;
    /** Evaluated after every epoch. */
    readonly test?: BatchSource;
  };
  /** What trains: a condition of the paper or `{ select }` with any selection. Default `bn`. */
  readonly condition?: Condition | { readonly select: TrainableSelection };
  /**
   * Running statistics that stand still and normalise in training. Default: all of them where only the
   * head of a trained network trains, none otherwise.
   */
  readonly fixedStatistics?: Selector<RunningStatistic>;
  /** Default 160, the paper's. */
  readonly epochs?: number;
  /** Images per step. Default 128, the paper's; the last step of an epoch takes what is left. */
  readonly batchSize?: number;
  /** Default: `sgd()`, as in the paper. */
  readonly optimizer?: Optimizer;
  /** Default: `milestones()`, as in the paper. */
  readonly schedule?: Schedule;
  /** Told in this order, those with a memory before all others. */
  readonly callbacks?: readonly (TrainCallback | StatefulCallback)[];
  /** Stops between two steps; `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The state of an interrupted run, which goes on from there to the same bits. */
  readonly resume?: TrainingState;
}

export interface TrainResult {
  readonly history: readonly EpochEvent[];
  readonly testLoss?: number;
  /** Of the last epoch, 0 to 1. */
  readonly testAccuracy?: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  readonly steps: number;
  readonly seconds: number;
  /** Of all training, evaluations left out. */
  readonly imagesPerSecond: number;
  /** Why a callback ended the run before its time. */
  readonly stopped?: string;
}
