import type { Network } from "@bn-only/frozen-layers";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { BatchSource } from "../types.ts";
import type { RunIdentity } from "./training-state.ts";

/** What a run must have in common with the one that it continues. */
export async function identityOf(
  network: Network,
  { size }: BatchSource,
  {
    epochs,
    batchSize,
    optimizer: { name, options },
    schedule,
  }: { epochs: number; batchSize: number; optimizer: Optimizer; schedule: Schedule },
): Promise<RunIdentity> {
  const steps = epochs * Math.ceil(size / batchSize);
  const points = [0, Math.floor(steps / 2), steps - 1];
  return {
    network: network.name,
    seed: network.seed,
    fingerprint: await network.fingerprint(),
    epochs,
    batchSize,
    trainSize: size,
    optimizer: `${name} ${JSON.stringify(options)}`,
    learningRates: points.map((step) => schedule(step, steps)),
  };
}
