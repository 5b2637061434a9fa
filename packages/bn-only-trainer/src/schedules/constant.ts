import { assertOptions, notNegative } from "../options.ts";
import type { Schedule } from "./schedule.ts";

/** The same learning rate at every step. */
export function constant(learningRate: number): Schedule {
  assertOptions("constant", { learningRate }, { learningRate: notNegative });
  return () => learningRate;
}
