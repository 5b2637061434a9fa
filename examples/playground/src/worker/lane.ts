import { batchSource } from "@bn-only/datasets";
import type { Network } from "@bn-only/frozen-layers";
import { createNetwork } from "@bn-only/resnet-zoo";
import {
  adam,
  type Condition,
  conditionSelection,
  cosine,
  encodeState,
  gammaValues,
  sgd,
  train,
  type TrainContext,
  type TrainEvent,
  type TrainingState,
} from "@bn-only/trainer";
import type { Curves, FromWorker, LaneInfo } from "../protocol.ts";
import { architectureOf, type Settings } from "../settings.ts";
import { CurveRecorder } from "./curve.ts";
import { free } from "./free.ts";
import type { LoadedData } from "./load-data.ts";
import { audit, lookAt } from "./look.ts";
import type { Pace } from "./pace.ts";

/** Milliseconds between two looks at a network that trains. */
const LOOK_EVERY = 500;
/** Milliseconds between two points of the curves on the page. */
const TELL_EVERY = 120;
/** Milliseconds between two checkpoints. */
const KEEP_EVERY = 3000;

const STOPPED = "stopped on the page";

/** What of a lane outlives the tab. */
export interface KeptLane {
  readonly state: Uint8Array;
  readonly curves: Curves;
  readonly step: number;
}

export interface LaneOptions {
  readonly index: number;
  readonly condition: string;
  readonly settings: Settings;
  readonly data: LoadedData;
  readonly pace: Pace;
  readonly tell: (message: FromWorker) => void;
  readonly keep: (lane: number, kept: KeptLane) => void;
  /** Whether anybody looks at the page. */
  readonly watched: () => boolean;
}

/** One network that trains, and what the page is told of it. */
export class Lane {
  readonly network: Network;
  readonly info: LaneInfo;
  readonly options: LaneOptions;
  #recorder = new CurveRecorder();
  #fingerprint = "";
  #zeros: ReadonlyMap<string, Float64Array> | undefined;
  #last = { look: 0, tell: 0, keep: 0 };
  #rate = { images: 0, seconds: 0, since: 0 };
  #context: TrainContext | undefined;
  #stopped = false;
  #step = 0;

  private constructor(options: LaneOptions, network: Network, info: LaneInfo) {
    this.options = options;
    this.network = network;
    this.info = info;
  }

  static async create(options: LaneOptions): Promise<Lane> {
    const { settings, condition, data } = options;
    const { side, seed } = settings;
    const classes = data.train.classes.length;
    const network = createNetwork(architectureOf(settings), {
      seed,
      classes,
      inputShape: [side, side, 3],
    });
    try {
      network.setTrainable(conditionSelection(condition as Condition, network));
      const count = (sizes: readonly number[]): number =>
        sizes.reduce((sum, size) => sum + size, 0);
      const lane = new Lane(options, network, {
        condition,
        trainable: count(network.trainable.map(({ trainableSize }) => trainableSize)),
        total: count(network.parameters.map(({ size }) => size)),
        steps: settings.epochs * Math.ceil(data.train.labels.length / settings.batchSize),
        gammaBefore: await gammaValues(network),
      });
      lane.#fingerprint = await network.fingerprint();
      return lane;
    } catch (error) {
      free(network);
      throw error;
    }
  }

  /** Trains to the end, in turns with the other lanes. */
  async run(
    signal: AbortSignal,
    resume: TrainingState | undefined,
    curves: Curves | undefined,
  ): Promise<void> {
    const { index, settings, condition, data, pace } = this.options;
    const { seed, epochs, batchSize, learningRate } = settings;
    if (curves) this.#recorder = CurveRecorder.of(curves);
    pace.join(index, resume?.step ?? 0);
    try {
      await train({
        network: this.network,
        data: {
          train: batchSource(data.train, {
            shuffle: true,
            augment: settings.data === "cifar10",
            seed,
          }),
        },
        condition: condition as Condition,
        epochs,
        batchSize,
        optimizer: settings.optimizer === "adam" ? adam() : sgd(),
        schedule: cosine({ learningRate }),
        callbacks: [(event, context) => this.#on(event, context)],
        resume,
        signal,
      });
    } finally {
      pace.leave(index);
    }
  }

  /** Ends the run after the step that it is at. */
  stop(): void {
    this.#stopped = true;
    this.#context?.stop(STOPPED);
  }

  /** A checkpoint of the moment; only while its run waits for a turn. */
  async keep(): Promise<void> {
    if (!this.#context) return;
    const state = await this.#context.state();
    this.#last.keep = performance.now();
    const { curves } = this.#recorder;
    this.options.keep(this.options.index, { state: encodeState(state), curves, step: state.step });
  }

  /** Shows the network as it is now. */
  async look(): Promise<void> {
    const { index, data, tell } = this.options;
    const look = await lookAt(this.network, this.#step, data.shownImages, this.#zeros);
    tell({ type: "look", lane: index, look });
    this.#last.look = performance.now();
  }

  async #on(event: TrainEvent, context: TrainContext): Promise<void> {
    this.#context = context;
    // Of before there was anything that could be told so.
    if (this.#stopped) context.stop(STOPPED);
    const { pace, index } = this.options;
    if (event.event === "start") {
      this.#step = event.resumedAt ?? 0;
      await this.#audit();
      await this.look();
      this.#tellCurves(event.resumedAt === undefined ? 0 : this.#epochs());
      if (event.resumedAt === undefined) await this.keep();
      this.#rate.since = performance.now();
      if (this.#step < this.info.steps) await pace.turn(index, this.#step);
    }
    if (event.event === "step") {
      this.#measure(event.images);
      this.#step = event.step;
      this.#recorder.addStep(this.#epochs(), event.loss, event.accuracy);
      if (this.#due("tell", TELL_EVERY) || !pace.running) this.#tellCurves(this.#epochs());
      if (this.#due("look", LOOK_EVERY) || !pace.running) await this.look();
      if (this.#due("keep", KEEP_EVERY)) await this.keep();
      // The last step of an epoch waits at its end, where its test is done.
      if (this.#step % this.#stepsPerEpoch() !== 0) await pace.turn(index, this.#step);
      this.#rate.since = performance.now();
    }
    if (event.event === "epoch") {
      const { loss, accuracy } = await this.#audit();
      this.#recorder.addEpoch(this.#epochs(), loss, accuracy);
      await this.look();
      this.#tellCurves(this.#epochs());
      await this.keep();
      if (this.#step < this.info.steps && !this.#stopped) await pace.turn(index, this.#step);
      this.#rate.since = performance.now();
    }
  }

  async #audit(): Promise<{ loss: number; accuracy: number }> {
    const { index, data, tell } = this.options;
    const found = await audit(this.network, data.test, this.#fingerprint);
    this.#zeros = found.zeros;
    tell({ type: "audit", lane: index, audit: found.audit });
    return { loss: found.loss, accuracy: found.audit.accuracy };
  }

  #stepsPerEpoch(): number {
    return this.info.steps / this.options.settings.epochs;
  }

  #epochs(): number {
    return this.#step / this.#stepsPerEpoch();
  }

  #due(what: "look" | "tell" | "keep", every: number): boolean {
    if (what !== "keep" && !this.options.watched()) return false;
    return performance.now() - this.#last[what] >= every;
  }

  /** Images a second over the last few steps, pauses left out. */
  #measure(images: number): void {
    const seconds = (performance.now() - this.#rate.since) / 1000;
    this.#rate.images = 0.9 * this.#rate.images + images;
    this.#rate.seconds = 0.9 * this.#rate.seconds + seconds;
  }

  #tellCurves(epoch: number): void {
    const { images, seconds } = this.#rate;
    this.#last.tell = performance.now();
    this.options.tell({
      type: "step",
      lane: this.options.index,
      step: this.#step,
      epoch,
      imagesPerSecond: seconds > 0 ? images / seconds : 0,
      curves: this.#recorder.curves,
    });
  }
}
