import type { Network } from "@bn-only/frozen-layers";
import type { TrainingState } from "./state/training-state.ts";

/** Some images and their labels. */
export interface Batch {
  /** `[size, height, width, channels]`, normalised. Never written to again: backends may alias it. */
  readonly images: Float32Array;
  /** Class of each image, from 0. */
  readonly labels: Int32Array;
  readonly size: number;
}

/** Which batches a source is asked for. */
export interface BatchRequest {
  /** From 0; decides order and augmentation. */
  readonly epoch: number;
  readonly batchSize: number;
  /** First batch to deliver, where training goes on inside an epoch. Default 0. */
  readonly startStep?: number | undefined;
}

/** Any data to train on or to evaluate with. All batches have the size that is asked for, but for the last of an epoch. */
export interface BatchSource {
  /** Images in one epoch. */
  readonly size: number;
  /** `[height, width, channels]` */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /**
   * Batches of one epoch from `startStep` on, which must be the same whenever they are asked for: a run that
   * was interrupted goes on with them. A reader that leaves early closes the iterator.
   */
  batches(request: BatchRequest): Iterable<Batch> | AsyncIterable<Batch>;
}

/** Told once, before the first step. */
export interface StartEvent {
  readonly event: "start";
  readonly epochs: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** tfjs's name of the backend. */
  readonly backend: string;
  /** Steps that were done before, where training goes on from a state. */
  readonly resumedAt?: number;
}

/** Told after every step; before the next one begins, if a callback looks at this step. */
export interface StepEvent {
  readonly event: "step";
  /** From 0. */
  readonly epoch: number;
  /** From 1, over the whole run. */
  readonly step: number;
  /** Mean cross-entropy of this batch, in nats. */
  readonly loss: number;
  /** Share of this batch that was classified right, 0 to 1. */
  readonly accuracy: number;
  readonly learningRate: number;
  /** Images in this batch. */
  readonly images: number;
}

/** Told after every epoch and its evaluation. */
export interface EpochEvent {
  readonly event: "epoch";
  /** From 0. */
  readonly epoch: number;
  /** Means over the epoch's steps, while the parameters moved. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** With running statistics; absent without test data. */
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  readonly learningRate: number;
  /** Since training began. */
  readonly seconds: number;
  /** Of this epoch's training, the data pipeline included, the evaluation not. */
  readonly imagesPerSecond: number;
}

/** Told when the run's signal was aborted, before `train` rejects with its reason. */
export interface AbortEvent {
  readonly event: "abort";
  /** Steps that are done. */
  readonly step: number;
}

/** What callbacks are told; the field `event` tells which one it is. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | AbortEvent;

/** What a callback may look at and do. */
export interface TrainContext {
  /** A callback may change its parameters: the next step starts from what it finds there. */
  readonly network: Network;
  /** Epochs that are finished. */
  readonly history: readonly EpochEvent[];
  /**
   * All that decides how training goes on, as of now.
   *
   * @throws InvalidOptionError while steps wait to be told of: `looksAt` of the callback said no.
   */
  state(): Promise<TrainingState>;
  /** Ends training after this event as if it were the last; an epoch that has begun is evaluated. */
  stop(reason?: string): void;
}

/** Training waits for what a callback returns. */
export type TrainCallback = (event: TrainEvent, context: TrainContext) => unknown;

/** A callback with a name, whose memory may be part of the training state. */
export interface NamedCallback {
  /** No two of a run that remember something may share one. */
  readonly name: string;
  /** Whether it is told after all others, and so sees what they did. Default false. */
  readonly last?: boolean;
  /**
   * Whether it wants to be told of this step before the next one begins: it looks at the network then, asks for the
   * state or stops the run. Asked once after every step. Where no callback does, a GPU need not wait: steps are told of
   * later, in order, at most 16 at once. Default: it does at every step, and so does a function.
   */
  looksAt?(step: number): boolean;
  /** Told every event. Training waits for what it returns, and ends with what it throws. */
  on(event: TrainEvent, context: TrainContext): unknown;
  /** What it remembers, for the state; with `restore`, or not at all. */
  capture?(): ReadonlyMap<string, Float32Array>;
  /** Goes on from what `capture` gave; told of an empty map where the state has nothing of it, it begins anew. */
  restore?(entries: ReadonlyMap<string, Float32Array>): void;
}

/** What `train` came to. */
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
