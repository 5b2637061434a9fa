import { OutOfMemoryError } from "@bn-only/frozen-layers";
import { BackendError, DivergedError, InvalidOptionError, ModelFileError } from "@bn-only/trainer";
import type { Fault, FromWorker } from "../protocol.ts";
import { LinkError } from "../link/error.ts";
import type { Settings } from "../settings.ts";
import { DataError } from "./load-data.ts";

const advices: Readonly<Record<Fault, string>> = {
  memory: "Choose a smaller batch, smaller images or a narrower network, then start again.",
  diverged: "Choose a learning rate three times smaller, then start again.",
  data: "",
  link: "Ask for the link again, and copy all of it.",
  file: "",
  backend:
    "Use a browser of the last two years: Chrome or Edge 91, Firefox 89, Safari 16.4, or newer.",
  unexpected: "Reload the page: the run goes on from its last checkpoint.",
};

/** What an error means to the person at the page. */
export function faultOf(error: unknown): FromWorker & { readonly type: "fault" } {
  const fault = kindOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return { type: "fault", fault, message, advice: advices[fault] };
}

function kindOf(error: unknown): Fault {
  if (error instanceof DataError) return "data";
  if (error instanceof LinkError) return "link";
  if (OutOfMemoryError.isInstance(error) || nameOf(error) === "OutOfMemoryError") return "memory";
  if (error instanceof RangeError && /memory|allocation/i.test(error.message)) return "memory";
  if (DivergedError.isInstance(error)) return "diverged";
  if (ModelFileError.isInstance(error)) return "file";
  if (BackendError.isInstance(error)) return "backend";
  return "unexpected";
}

/** Whether the device or a thread went away, so that the last checkpoint can go on elsewhere. */
export function isLost(error: unknown): boolean {
  return ["DeviceLostError", "ThreadError"].includes(nameOf(error));
}

/**
 * Whether a kept run can never go on: its own images or its state do not fit or cannot be read. After any other
 * error it may, once there is memory, a device or the server's data again.
 */
export function isUnusable(error: unknown, { data }: Settings): boolean {
  if (error instanceof DataError) return data === "own";
  return ModelFileError.isInstance(error) || InvalidOptionError.isInstance(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
