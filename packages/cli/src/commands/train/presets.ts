import { paperRecipe } from "@bn-only/trainer";

const { epochs, batchSize, learningRate, momentum, weightDecay } = paperRecipe;

/** Named settings of `bn-only train`. */
export const presets = {
  /** A few minutes on two cores. */
  quick: { dataset: "cifar10", epochs: 5 },
  /** The paper's recipe for CIFAR-10, arXiv 2003.00152. */
  paper: { dataset: "cifar10", epochs, batchSize, learningRate, momentum, weightDecay },
} as const;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as readonly Preset[];
