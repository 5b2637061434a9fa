import { getBackend } from "@tensorflow/tfjs-core";
import { OutOfMemoryError } from "../errors.ts";
import { bytesLeft } from "../bytes-left.ts";
import { asOutOfMemory, formatBytes } from "../out-of-memory.ts";
import type { Initialization, Parameter, RunningStatistic } from "./parameter.ts";

interface Drawn {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly RunningStatistic[];
  readonly seed: number;
  readonly initialization: Initialization;
}

/**
 * Gives all of a network's tensors their first values.
 *
 * @throws OutOfMemoryError when the network is too large; some of the values may be there then.
 */
export function drawValues({ name, parameters, buffers, seed, initialization }: Drawn): void {
  const bytes = 4 * [...parameters, ...buffers].reduce((sum, { size }) => sum + size, 0);
  const left = bytesLeft();
  if (left !== undefined && bytes > left) {
    throw new OutOfMemoryError(
      `${name}: its weights take ${formatBytes(bytes)}, the backend "${getBackend()}" has ${formatBytes(left)} left. ` +
        `Dispose other networks, or build a narrower one.`,
    );
  }
  try {
    for (const parameter of parameters) parameter.initialize(seed, initialization);
    for (const buffer of buffers) buffer.initialize();
  } catch (error) {
    // What is said of one parameter is said of the network.
    const cause = OutOfMemoryError.isInstance(error) ? (error.cause ?? error) : error;
    throw asOutOfMemory(
      cause,
      `${name}: its weights take ${formatBytes(bytes)} and do not fit in the memory of the backend ` +
        `"${getBackend()}". Build a narrower network`,
    );
  }
}
