/** Named settings of `bn-only train`. */
export const presets = {
  /** A few minutes on two cores; says whether everything works, not how far it gets. */
  quick: { dataset: "cifar10", epochs: 3, trainSize: 10_000 },
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
