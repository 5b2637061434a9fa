/** Named settings of `bn-only train`. */
export const presets = {
  /** A few minutes on two cores. */
  quick: { dataset: "cifar10", epochs: 5 },
  /** The paper's recipe for CIFAR-10, arXiv 2003.00152. */
  paper: {
    dataset: "cifar10",
    epochs: 160,
    batchSize: 128,
    learningRate: 0.1,
    momentum: 0.9,
    weightDecay: 1e-4,
  },
} as const;

export type Preset = keyof typeof presets;
