import type { Hyperparameters } from "../hyperparameters.ts";

/**
 * The learning rate of one step: it drops by `learningRateDecay` at each milestone, counted in steps
 * of the whole run and not in epochs, as in the paper's code.
 *
 * @param step from 0 to `steps − 1`
 */
export function learningRateAt(
  step: number,
  steps: number,
  { learningRate, milestones, learningRateDecay }: Hyperparameters,
): number {
  const drops = milestones.filter((milestone) => step >= milestone * steps).length;
  return learningRate * learningRateDecay ** drops;
}
