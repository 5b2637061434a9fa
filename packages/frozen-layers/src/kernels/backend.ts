import { engine, getBackend } from "@tensorflow/tfjs-core";
import { FrozenLayersError } from "../errors.ts";

/**
 * tfjs's name of the backend that computes now.
 *
 * @throws FrozenLayersError when none was chosen, and none that is registered starts by itself.
 */
export function currentBackend(): string {
  return getBackend() || startedBackend();
}

function startedBackend(): string {
  try {
    // tfjs starts the best of those that are registered when it is asked for it.
    if (engine().backend) return getBackend();
  } catch {
    // None is registered, or it starts asynchronously only.
  }
  throw new FrozenLayersError(
    `there is no backend to compute with. Call "await useBackend()" of @bn-only/trainer, or tfjs's ` +
      `"await setBackend(name)", before networks are made.`,
  );
}
