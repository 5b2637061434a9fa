import type { Network } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "./errors.ts";

const training = new WeakSet<Network>();

/**
 * Trains a network that nobody else trains meanwhile: two would move the same parameters.
 *
 * @throws InvalidOptionError where it is being trained already.
 */
export async function oneAtATime<Result>(
  network: Network,
  run: () => Promise<Result>,
): Promise<Result> {
  if (training.has(network)) {
    throw new InvalidOptionError(
      `train: the network ${network.name} is being trained already. Wait for that to end, or train another one.`,
    );
  }
  training.add(network);
  try {
    return await run();
  } finally {
    training.delete(network);
  }
}
