import { assertNames, assertSignal, assertThat, hasMethods } from "../check.ts";
import { InvalidOptionError, TrainerError } from "../errors.ts";
import type { TrainEvent, TrainResult } from "../types.ts";
import { isMessage, type Messages, type ToPage } from "./protocol.ts";

export type { Messages } from "./protocol.ts";
export type { EpochEvent, StepEvent, TrainEvent, TrainResult } from "../types.ts";

/** Options of `trainInWorker`. They stay on the page; what the worker is to know goes into the settings. */
export interface TrainInWorkerOptions {
  /** Told every event of the training, as its callbacks are. */
  readonly onEvent?: ((event: TrainEvent) => void) | undefined;
  /**
   * Stops the training between two steps; the promise rejects with its reason, when the worker has stopped or
   * has not answered for five seconds.
   */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until a worker that has not answered once is given up. Default 60,000, as its scripts may have to be fetched. */
  readonly timeout?: number | undefined;
}

/** What the worker sent back. It has disposed its network; `loadModel` makes it again of the file. */
export interface TrainedInWorker {
  readonly result: TrainResult;
  /** The file of `saveModel`. */
  readonly model: Uint8Array;
}

let runs = 0;

/** Milliseconds that an abort waits for the worker's last step. */
const STOPPING = 5_000;

/**
 * Trains in a worker that calls `serveTraining`, so that the page stays alive. The worker lives on, and may be asked again.
 *
 * @param worker `new Worker(new URL("./worker.js", import.meta.url), { type: "module" })`
 * @param settings anything that can be cloned; what they mean is up to the worker
 * @throws InvalidOptionError for what is no worker; TrainerError with the worker's message when it cannot train,
 * does not start or does not answer; the signal's reason.
 */
export async function trainInWorker(
  worker: Messages,
  settings: unknown,
  options: TrainInWorkerOptions = {},
): Promise<TrainedInWorker> {
  const fits = hasMethods(worker, "postMessage", "addEventListener", "removeEventListener");
  assertThat(fits, "trainInWorker: the worker", "a Worker", worker);
  assertNames<TrainInWorkerOptions>("trainInWorker", options, {
    onEvent: true,
    signal: true,
    timeout: true,
  });
  const { onEvent = () => {}, signal, timeout = 60_000 } = options;
  assertSignal("trainInWorker", signal);
  assertThat(typeof onEvent === "function", "trainInWorker: onEvent", "a function", onEvent);
  const inRange = typeof timeout === "number" && timeout >= 1 && timeout < 2 ** 31;
  assertThat(inRange, "trainInWorker: timeout", "milliseconds from 1 to below 2^31", timeout);
  signal?.throwIfAborted();
  const run = ++runs;
  const end = new AbortController();
  try {
    return await new Promise<TrainedInWorker>((resolve, reject) => {
      let silence = setTimeout(() => {
        reject(
          new TrainerError(
            `trainInWorker: the worker does not answer in ${timeout} ms. Its script must call serveTraining() of @bn-only/trainer.`,
          ),
        );
      }, timeout);
      const listen = ({ data }: { readonly data: unknown }): void => {
        if (!isMessage(data, run)) return;
        const message: ToPage = data;
        if (!signal?.aborted) clearTimeout(silence);
        if (message.type === "bn-only/event") {
          try {
            onEvent(message.event);
          } catch (error) {
            reject(error as Error);
          }
        } else if (message.type === "bn-only/done") {
          resolve({ result: message.result, model: message.model });
        } else if (message.type === "bn-only/failed") {
          reject(signal?.aborted ? signal.reason : new TrainerError(message.message));
        }
      };
      const fail = (event: unknown): void => {
        const { message } = Object(event) as Partial<ErrorEvent>;
        reject(
          new TrainerError(
            `trainInWorker: the worker does not run (${message || "its script cannot be loaded"}).`,
          ),
        );
      };
      const failToRead = (): void =>
        reject(
          new TrainerError(
            "trainInWorker: a message of the worker cannot be read on this page. Load one version of @bn-only/trainer, from one origin, in both.",
          ),
        );
      const abort = (): void => {
        clearTimeout(silence);
        silence = setTimeout(() => reject(signal!.reason), Math.min(timeout, STOPPING));
        worker.postMessage({ type: "bn-only/abort", run });
      };
      const target = worker as unknown as EventTarget;
      worker.addEventListener("message", listen);
      target.addEventListener("messageerror", failToRead);
      target.addEventListener("error", fail);
      signal?.addEventListener("abort", abort, { once: true });
      end.signal.addEventListener("abort", () => {
        clearTimeout(silence);
        worker.removeEventListener("message", listen);
        target.removeEventListener("messageerror", failToRead);
        target.removeEventListener("error", fail);
        signal?.removeEventListener("abort", abort);
      });
      if (hasMethods(worker, "start")) (worker as unknown as MessagePort).start();
      post(worker, run, settings);
    });
  } catch (error) {
    worker.postMessage({ type: "bn-only/abort", run });
    throw error;
  } finally {
    end.abort();
  }
}

function post(worker: Messages, run: number, settings: unknown): void {
  try {
    worker.postMessage({ type: "bn-only/train", run, settings });
  } catch (cause) {
    throw new InvalidOptionError(
      `trainInWorker: the settings cannot be cloned (${cause instanceof Error ? cause.message : String(cause)}). ` +
        "Pass plain values; make networks and data in the worker.",
      { cause },
    );
  }
}
