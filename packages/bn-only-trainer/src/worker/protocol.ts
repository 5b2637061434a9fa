import type { TrainEvent, TrainResult } from "../types.ts";

// What page and worker tell each other. `run` numbers the trainings of one page, as a worker may be asked again.

export type ToWorker =
  | { readonly type: "bn-only/train"; readonly run: number; readonly settings: unknown }
  | { readonly type: "bn-only/abort"; readonly run: number };

export type ToPage =
  | { readonly type: "bn-only/begun"; readonly run: number }
  | { readonly type: "bn-only/event"; readonly run: number; readonly event: TrainEvent }
  | {
      readonly type: "bn-only/done";
      readonly run: number;
      readonly result: TrainResult;
      readonly model: Uint8Array;
    }
  | { readonly type: "bn-only/failed"; readonly run: number; readonly message: string };

/** A `Worker` as the page has it, the worker's own scope, or a `MessagePort`. */
export interface Messages {
  /** Objects in `transfer` are moved, not copied. */
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Calls the listener with each message of the other side. */
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** Ends what `addEventListener` began. */
  removeEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** Whether a message is one of these, of this run where one is named. */
export function isMessage(data: unknown, run?: number): data is ToWorker & ToPage {
  const { type, run: actual } = Object(data) as Partial<ToPage>;
  const ours = typeof type === "string" && type.startsWith("bn-only/");
  return ours && (run === undefined || actual === run);
}
