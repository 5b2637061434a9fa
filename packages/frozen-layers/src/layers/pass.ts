import { show } from "@bn-only/errors";
import { Tensor } from "@tensorflow/tfjs-core";
import { assertFlag, assertFunction, assertOptions } from "../check.ts";
import { FrozenLayersError } from "../errors.ts";
import { assertOneOf } from "../shape.ts";
import type { Pass } from "./layer.ts";

/**
 * A pass of training through a whole network: statistics of the batch, towards which the running ones
 * move, and all saved that `backward` needs. The gradient of the input is not wanted.
 *
 * @param changes fields that differ
 */
export function trainingPass(changes: Partial<Pass> = {}): Pass {
  assertOptions<Pass>("trainingPass", changes as Pass, names);
  const {
    statistics = "batch",
    updateStatistics = true,
    record = true,
    inputGradient = false,
    gradients = new Map(),
    statisticsUpdates = new Map(),
    observe,
  } = changes;
  const flags = { updateStatistics, record, inputGradient };
  const maps = { gradients, statisticsUpdates };
  assertOneOf("trainingPass: statistics", statistics, ["batch", "running"]);
  for (const [name, value] of Object.entries(flags)) assertFlag(`trainingPass: ${name}`, value);
  if (observe !== undefined) assertFunction("trainingPass: observe", observe);
  assertMaps("trainingPass", maps);
  return { statistics, ...flags, ...maps, observe };
}

const names = {
  statistics: true,
  updateStatistics: true,
  record: true,
  inputGradient: true,
  gradients: true,
  statisticsUpdates: true,
  observe: true,
} as const;

/** Disposes the gradients and the running statistics of a pass of which nothing is kept. */
export function disposePass(pass: Pass): void {
  const { gradients, statisticsUpdates } = Object(pass) as Pass;
  assertMaps("disposePass", { gradients, statisticsUpdates });
  for (const made of [...gradients.values(), ...statisticsUpdates.values()]) made.dispose();
}

function assertMaps(subject: string, maps: Readonly<Record<string, unknown>>): void {
  for (const [name, map] of Object.entries(maps)) {
    if (map instanceof Map && [...map.values()].every((value) => value instanceof Tensor)) continue;
    throw new FrozenLayersError(`${subject}: ${name} must be a Map of tensors, got ${show(map)}.`);
  }
}
