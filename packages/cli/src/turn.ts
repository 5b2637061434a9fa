import { setImmediate as turnOfTheLoop } from "node:timers/promises";

/**
 * Lets signals come that were sent while something computed without a pause.
 *
 * @throws what the abort was for.
 */
export async function turn(signal: AbortSignal): Promise<void> {
  await turnOfTheLoop();
  signal.throwIfAborted();
}
