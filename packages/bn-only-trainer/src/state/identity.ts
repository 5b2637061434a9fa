import type { Network } from "@bn-only/frozen-layers";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { BatchSource } from "../types.ts";
import type { RunIdentity } from "./training-state.ts";

/**
 * Tells what a run must have in common with the one that it continues. The fingerprint takes a while, so
 * it is found once, and again only after somebody changed what is frozen.
 */
export function runIdentity(
  network: Network,
  { size }: BatchSource,
  protocol: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly optimizer: Optimizer;
    readonly schedule: Schedule;
  },
): () => Promise<RunIdentity> {
  const { epochs, batchSize, optimizer, schedule } = protocol;
  const steps = epochs * Math.ceil(size / batchSize);
  const points = [0, Math.floor(steps / 2), steps - 1];
  const fields = {
    network: network.name,
    seed: network.seed,
    epochs,
    batchSize,
    trainSize: size,
    optimizer: `${optimizer.name} ${JSON.stringify(optimizer.options)}`,
    learningRates: points.map((step) => schedule(step, steps)),
  };
  let known: { readonly versions: string; readonly fingerprint: string } | undefined;
  return async () => {
    const versions = versionsOf(network);
    if (known?.versions !== versions) {
      known = { versions, fingerprint: await network.fingerprint() };
    }
    return { ...fields, fingerprint: known.fingerprint };
  };
}

/** Of all parameters that are frozen as a whole or in part. */
function versionsOf({ parameters }: Network): string {
  return parameters
    .filter(({ trainable, trainableIndices }) => !trainable || trainableIndices)
    .map(({ version }) => version)
    .join();
}
