import { decodeState, InvalidOptionError } from "@bn-only/trainer";
import type { FromWorker, RunStatus } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import { forget, keep, recall } from "../store/keep.ts";
import { chooseBackend } from "./backend.ts";
import { faultOf, isLost } from "./faults.ts";
import { free } from "./free.ts";
import { type KeptLane, Lane } from "./lane.ts";
import { DataError, type LoadedData } from "./load-data.ts";
import { activationsOf } from "./look.ts";
import { Pace } from "./pace.ts";

/** What is kept of a run. */
interface KeptRun {
  readonly settings: Settings;
  readonly lanes: readonly KeptLane[];
}

const KEY = "run";
/** Times that a run goes on after a device was lost. */
const MOST_RECOVERIES = 3;

/** A run of one network, or of two side by side. */
export class Session {
  readonly settings: Settings;
  readonly data: LoadedData;
  readonly lanes: Lane[] = [];
  readonly pace: Pace;
  readonly #tell: (message: FromWorker) => void;
  readonly #ending = new AbortController();
  readonly #watched: () => boolean;
  #kept: KeptLane[] = [];
  #recoveries = 0;
  #status: RunStatus = "loading";
  #runs: Promise<unknown> = Promise.resolve();

  private constructor(
    settings: Settings,
    data: LoadedData,
    options: {
      readonly running: boolean;
      readonly tell: (message: FromWorker) => void;
      readonly watched: () => boolean;
    },
  ) {
    this.settings = settings;
    this.data = data;
    this.#tell = options.tell;
    this.#watched = options.watched;
    this.pace = new Pace(options.running, () => void this.#rest());
  }

  get status(): RunStatus {
    return this.#status;
  }

  /** Begins, or goes on from what was kept, paused. */
  static async begin(
    settings: Settings,
    data: LoadedData,
    options: {
      readonly kept?: readonly KeptLane[];
      readonly tell: (message: FromWorker) => void;
      readonly watched: () => boolean;
    },
  ): Promise<Session> {
    const { tell, watched, kept } = options;
    tell({ type: "data", data: data.info });
    const session = new Session(settings, data, { running: kept === undefined, tell, watched });
    session.#kept = [...(kept ?? [])];
    await session.#start();
    return session;
  }

  async #start(): Promise<void> {
    const { settings, pace } = this;
    const { signal } = this.#ending;
    // Before anything is made that a state which cannot be read would leave behind.
    const states = this.#kept.map(({ state }) => decodeState(state));
    await this.#createLanes();
    if (signal.aborted) return;
    const resumedAt = this.#kept[0]?.step;
    this.#tell({
      type: "started",
      settings,
      lanes: this.lanes.map(({ info }) => info),
      ...(resumedAt !== undefined && { resumedAt }),
      recovered: this.#recoveries > 0,
    });
    // A run that was kept says that it is paused once it stands where it stood.
    if (pace.running) this.#setStatus("running");
    const runs = this.lanes.map((lane, i) => lane.run(signal, states[i], this.#kept[i]?.curves));
    // The first failure ends the other lane, too.
    this.#runs = Promise.all(runs).then(
      () => this.#setStatus("finished"),
      async (error: unknown) => {
        this.pace.open();
        this.lanes.forEach((lane) => lane.stop());
        await Promise.allSettled(runs);
        await this.#failed(error);
      },
    );
  }

  /** All of them, or none. */
  async #createLanes(): Promise<void> {
    const { settings, data, pace } = this;
    const { condition: first, versus } = settings;
    const conditions = versus === "nothing" ? [first] : [first, versus];
    try {
      for (const [index, condition] of conditions.entries()) {
        this.lanes.push(
          await Lane.create({
            index,
            condition,
            settings,
            data,
            pace,
            tell: this.#tell,
            watched: this.#watched,
            keep: (lane, kept) => this.#keep(lane, kept),
          }),
        );
      }
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  pause(): void {
    this.pace.running = false;
  }

  resume(): void {
    this.#setStatus("running");
    this.pace.running = true;
  }

  step(): void {
    this.pace.allowOne();
  }

  stop(): void {
    this.lanes.forEach((lane) => lane.stop());
    this.pace.open();
  }

  /** Ends everything at once and frees the networks. */
  async end(): Promise<void> {
    this.#ending.abort(new Error("another run begins"));
    this.pace.open();
    await this.#runs;
    this.#free();
  }

  /** What `layer` of every lane makes of a shown test image. */
  async lookAt(image: number, layer: string): Promise<void> {
    const { shownImages } = this.data;
    const size = shownImages.length / this.data.info.shownLabels.length;
    const pixels = shownImages.slice(image * size, (image + 1) * size);
    for (const [lane, { network }] of this.lanes.entries()) {
      if (network.disposed) return;
      const activations = await activationsOf(network, pixels, layer);
      this.#tell({ type: "activations", activations: { ...activations, lane, image } });
    }
  }

  /** Somebody looks again. */
  async lookAll(): Promise<void> {
    if (this.#status === "running") return;
    for (const lane of this.lanes) if (!lane.network.disposed) await lane.look();
  }

  async #rest(): Promise<void> {
    for (const lane of this.lanes) {
      await lane.keep();
      // The last look may be some steps old, if it was paused between that and its turn.
      if (!lane.network.disposed) await lane.look();
    }
    // It may have been resumed meanwhile.
    if (!this.pace.running) this.#setStatus("paused");
  }

  #setStatus(status: RunStatus): void {
    this.#status = status;
    this.#tell({ type: "status", status });
  }

  #keep(lane: number, kept: KeptLane): void {
    this.#kept[lane] = kept;
    if (this.#kept.filter(Boolean).length < this.lanes.length) return;
    const run: KeptRun = { settings: this.settings, lanes: [...this.#kept] };
    void keep(KEY, run).then((done) => done && this.#tell({ type: "kept", step: kept.step }));
  }

  async #failed(error: unknown): Promise<void> {
    const { signal } = this.#ending;
    if (signal.aborted) return;
    if (InvalidOptionError.isInstance(error) && this.#kept.length > 0) {
      await forgetRun();
      if (signal.aborted) return;
      this.#setStatus("failed");
      const words =
        "Your last run cannot go on, because the images are others now. Press Train to begin anew.";
      this.#tell(faultOf(new DataError(words, { cause: error })));
      return;
    }
    if (!isLost(error) || this.#recoveries >= MOST_RECOVERIES || this.#kept.length === 0) {
      this.#setStatus("failed");
      this.#tell(faultOf(error));
      return;
    }
    this.#recoveries += 1;
    this.#free();
    try {
      const backend = await chooseBackend(this.#tell);
      if (signal.aborted) return;
      this.pace.running = true;
      this.#tell({
        type: "recovered",
        message: `${lostWords(error)} The run went on from its last checkpoint, step ${this.#kept[0]!.step}, on ${backend}.`,
      });
      await this.#start();
    } catch (again) {
      if (signal.aborted) return;
      this.#setStatus("failed");
      this.#tell(faultOf(again));
    }
  }

  #free(): void {
    for (const { network } of this.lanes.splice(0)) free(network);
  }
}

function lostWords(error: unknown): string {
  const gpu = (error as Error).name === "DeviceLostError";
  return gpu ? "The browser took the GPU away." : "A computing thread stopped.";
}

export async function keptRun(): Promise<KeptRun | undefined> {
  return recall<KeptRun>(KEY);
}

export async function forgetRun(): Promise<void> {
  await forget(KEY);
}
