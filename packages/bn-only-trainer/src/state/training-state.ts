import type { EpochEvent } from "../types.ts";

/**
 * Everything that decides how training goes on, as plain data: with the network that its fields name,
 * the rest of the run follows to the bit. Frozen weights are not in it, they follow from the seed.
 */
export interface TrainingState {
  /** What must be the same when training goes on. */
  readonly identity: RunIdentity;
  /** Steps that are done. */
  readonly step: number;
  /** Sums over the steps of the epoch that is not finished. */
  readonly sums: EpochSums;
  /** Epochs that are finished. */
  readonly history: readonly EpochEvent[];
  /** Why a callback ended the run, where one did: there is nothing to go on with. */
  readonly stopped?: string;
  /** Of training so far. */
  readonly seconds: number;
  /** By path: the numbers that train. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** By path: their positions, of parameters that train in part. */
  readonly indices: ReadonlyMap<string, Int32Array>;
  /** Running means and variances by path. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** Paths of the running statistics that stand still. */
  readonly fixedStatistics: readonly string[];
  /** What the optimiser remembers, by name. */
  readonly optimizer: ReadonlyMap<string, Float32Array>;
  /** What callbacks remember, by the callback's name and then theirs. */
  readonly callbacks: ReadonlyMap<string, ReadonlyMap<string, Float32Array>>;
}

/** What the epoch's means are made of, so that they include the steps before an interruption. */
export interface EpochSums {
  /** Mean loss of each step, times its images. */
  readonly loss: number;
  readonly correct: number;
  readonly images: number;
}

/**
 * What a run must have in common with the state that it goes on from: `train` throws an
 * `InvalidOptionError` where something differs.
 */
export interface RunIdentity {
  /** Name of the network. */
  readonly network: string;
  readonly seed: number;
  /** SHA-256 over all that is frozen. */
  readonly fingerprint: string;
  readonly epochs: number;
  readonly batchSize: number;
  /** Training images in an epoch. */
  readonly trainSize: number;
  /** Name and options, as JSON. */
  readonly optimizer: string;
  /** Of the first, the middle and the last step: two schedules that agree there are taken for one. */
  readonly learningRates: readonly number[];
  /** SHA-256 of the first batch of the run; absent before it came, and in states of earlier versions. */
  readonly firstBatch?: string;
}

export const noSums: EpochSums = { loss: 0, correct: 0, images: 0 };
