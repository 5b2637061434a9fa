import { DeviceLostError, OutOfMemoryError, WebgpuError } from "../errors.ts";

/**
 * WebGPU tells of errors later, in events. What came first is kept and thrown by the next kernel or read, so that
 * no result is taken from commands that failed.
 */
export class Failure {
  #error: WebgpuError | undefined;
  #ended = false;

  constructor(device: GPUDevice) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#error ??= asError(event.error);
    });
    void device.lost.then(({ message }) => {
      if (!this.#ended) this.#error = deviceLost(message);
    });
  }

  /** The device is given back on purpose: its loss is none. */
  end(): void {
    this.#ended = true;
  }

  get error(): WebgpuError | undefined {
    return this.#error;
  }

  /** @throws WebgpuError what came first, if anything did. */
  check(): void {
    if (this.#error) throw this.#error;
  }
}

function deviceLost(message: string): DeviceLostError {
  const reason = message.trim().replace(/\.$/, "");
  return new DeviceLostError(
    `The GPU was lost${reason && ` (${reason})`}, and all tensors on it. Select the backend again and go on from the ` +
      `last checkpoint; if it happens again, use a smaller batch.`,
  );
}

function asError({ message, constructor }: GPUError): WebgpuError {
  const line = message.trim().split("\n")[0]!;
  if (constructor.name === "GPUOutOfMemoryError") {
    return new OutOfMemoryError(
      `The GPU has no memory left (${line}). Select the backend again and use a smaller batch, or checkpointed blocks.`,
    );
  }
  return new WebgpuError(
    `WebGPU refused a command (${line}). Please report it with the adapter's name.`,
  );
}
