import type { DataFrom, FromWorker, OwnImages, ToWorker } from "../protocol.ts";
import { initialState, type PageState } from "./state.ts";

type Listener<Type extends FromWorker["type"]> = (
  message: Extract<FromWorker, { type: Type }>,
) => void;

/** The page's state, its worker, and who wants to hear what the worker says. */
export class App {
  readonly state: PageState = initialState();
  /** The user's images, once they are decoded. */
  own: OwnImages | undefined;
  /** A CIFAR-10 archive that was dropped. */
  archive: Uint8Array | undefined;
  readonly #listeners = new Map<string, ((message: never) => void)[]>();
  #worker: Worker | undefined;

  /** Starts the worker when it is first needed: the page is painted before tfjs is loaded. */
  send(message: ToWorker): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  on<Type extends FromWorker["type"]>(type: Type, listener: Listener<Type>): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener as never]);
  }

  /** Begins a run, with the settings of the form or others. */
  begin(settings = this.state.settings): void {
    const data: DataFrom = {
      ...(settings.data === "own" && this.own && { own: this.own }),
      ...(settings.data === "cifar10" && this.archive && { archive: this.archive }),
    };
    this.send({ type: "start", settings, data });
  }

  #start(): Worker {
    const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), {
      type: "module",
      name: "training",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      for (const listener of this.#listeners.get(data.type) ?? []) listener(data as never);
    });
    worker.addEventListener("error", (event) => {
      const message = event.message || "The training worker does not start.";
      for (const listener of this.#listeners.get("fault") ?? []) {
        (listener as Listener<"fault">)({
          type: "fault",
          fault: "unexpected",
          message,
          advice: "Reload the page: the run goes on from its last checkpoint.",
        });
      }
    });
    return worker;
  }
}
