/**
 * The paper's recipe for CIFAR-10 (arXiv 2003.00152, section 3): SGD over all that trains, gamma and
 * beta included, the learning rate a tenth after 1/2 and after 3/4 of all steps.
 */
export const paperRecipe = {
  epochs: 160,
  /** Images per step. */
  batchSize: 128,
  learningRate: 0.1,
  momentum: 0.9,
  /** L2 penalty on everything that trains. */
  weightDecay: 1e-4,
  /** Fractions of all steps after which the learning rate drops. */
  milestones: [0.5, 0.75],
  /** Factor of each drop. */
  learningRateDecay: 0.1,
} as const;
