import { orAborted } from "../abortable.ts";
import { assertFunction, assertSignal, assertThat, hasMethods } from "../check.ts";
import { assertSavable } from "../model/savable.ts";
import { saveModel } from "../model/save.ts";
import { train } from "../train.ts";
import type { TrainOptions } from "../train-options.ts";
import { isMessage, type Messages, type ToPage, type ToWorker } from "./protocol.ts";

/** What a worker makes of the page's settings: the options of `train`, and notes for the model file. */
export type TrainingRequest = TrainOptions & {
  readonly notes?: Readonly<Record<string, string>> | undefined;
};

/**
 * In a worker: trains whenever a page asks by `trainInWorker`, tells it every event, and gives it result and model file.
 * What is a tensor is disposed of afterwards, the network too.
 *
 * @param prepare selects a backend and makes network and data from the page's settings, which were cloned on their way
 * @param port where the page is. Default: the worker's own scope
 * @returns a function that ends it
 */
export function serveTraining<Settings = unknown>(
  prepare: (settings: Settings) => TrainingRequest | Promise<TrainingRequest>,
  port: Messages = globalThis as unknown as Messages,
): () => void {
  assertFunction("serveTraining: prepare", prepare);
  const fits = hasMethods(port, "postMessage", "addEventListener", "removeEventListener");
  assertThat(fits, "serveTraining: the port", "a worker's scope or a MessagePort", port);
  const aborts = new Map<number, AbortController>();
  const tell = (message: ToPage, transfer: Transferable[] = []): void =>
    port.postMessage(message, transfer);

  async function answer({ run, settings }: ToWorker & { readonly type: "bn-only/train" }) {
    const abort = new AbortController();
    aborts.set(run, abort);
    tell({ type: "bn-only/begun", run });
    const preparing = (async () => prepare(settings as Settings))();
    try {
      const request = await orAborted(preparing, abort.signal);
      assertRequest(request);
      const { notes, callbacks = [], signal, ...options } = request;
      assertSavable(options.network, notes);
      const signals = [abort.signal, ...(signal ? [signal] : [])];
      const result = await train({
        ...options,
        callbacks: [...callbacks, (event) => tell({ type: "bn-only/event", run, event })],
        signal: signals.length === 1 ? abort.signal : AbortSignal.any(signals),
      });
      const model = await saveModel(request.network, notes);
      tell({ type: "bn-only/done", run, result, model }, [model.buffer as ArrayBuffer]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      tell({ type: "bn-only/failed", run, message });
    } finally {
      aborts.delete(run);
      // After an abort, whenever it comes.
      void preparing.then(disposeNetwork, () => {});
    }
  }

  const listen = ({ data }: { readonly data: unknown }): void => {
    if (!isMessage(data)) return;
    const message: ToWorker = data;
    if (message.type === "bn-only/train") void answer(message);
    if (message.type === "bn-only/abort") aborts.get(message.run)?.abort();
  };
  port.addEventListener("message", listen);
  if (hasMethods(port, "start")) (port as unknown as MessagePort).start();
  return () => port.removeEventListener("message", listen);
}

function disposeNetwork(request: TrainingRequest | undefined): void {
  if (request?.network?.disposed === false) request.network.dispose();
}

function assertRequest(request: unknown): void {
  const { callbacks = [], signal } = Object(request) as Partial<TrainingRequest>;
  const fits = typeof request === "object" && request !== null && Array.isArray(callbacks);
  const expected = "the options of train, with a list of callbacks if any";
  assertThat(fits, "serveTraining: what prepare returns", expected, request);
  assertSignal("serveTraining", signal);
}
