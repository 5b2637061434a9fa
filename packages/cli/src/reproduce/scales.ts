import { type Condition, conditions, paperRecipe } from "@bn-only/trainer";
import type { FigureName, FigureSpec, Protocol, RunGroup } from "./figure-spec.ts";

export const scaleNames = ["tiny", "small", "paper"] as const;

export type ScaleName = (typeof scaleNames)[number];

interface Scale {
  readonly protocol: Protocol;
  /** Seeds, unless told otherwise: from 0 on. */
  readonly seeds: number;
  readonly figures: Readonly<Record<FigureName, readonly RunGroup[]>>;
  /** What ImageNet's figure does otherwise. */
  readonly imagenet: Partial<Protocol>;
}

const { epochs, batchSize, learningRate, momentum, weightDecay } = paperRecipe;

/** Frankle, Schwab & Morcos, arXiv 2003.00152, and the authors' code: every figure on CIFAR-10. */
const paper: Protocol = {
  dataset: "cifar10",
  normalization: "imagenet",
  augment: true,
  epochs,
  batchSize,
  optimizer: "sgd",
  learningRate,
  momentum,
  weightDecay,
  schedule: "milestones",
  weightInit: "kaimingNormal",
  batchNormInit: "uniform",
  checkpointedStages: 0,
  // The only one that gives the same bits on every machine.
  backend: "wasm",
  fma: true,
};

/** 1.5 hours on two cores for depth, width and conditions together; the test is the paper's. */
const small: Protocol = { ...paper, trainSize: 20_000, epochs: 8 };

const tiny: Protocol = {
  ...paper,
  dataset: "synthetic",
  inputShape: [16, 16, 3],
  classes: 10,
  trainSize: 240,
  testSize: 200,
  epochs: 4,
  batchSize: 20,
};

const resnets = (...names: readonly (number | string)[]): string[] =>
  names.map((name) => `cifar-resnet-${name}`);
const imagenets = (...depths: readonly number[]): string[] =>
  depths.map((depth) => `imagenet-resnet-${depth}`);

const published: readonly Condition[] = [
  "all",
  "bn+shortcut+head",
  "bn",
  "random-2",
  "shortcut+head",
  "none",
];
const paperDepths = resnets(14, 32, 56, 110, 218, 434, 866);
const paperWidths = resnets(14, "14-2", "14-4", "14-8", "14-16", "14-32");

/** The paper's "alternate initialisation" is not named in what could be read of it; gamma = beta = 1 is the likeliest. */
const alternate = (networks: readonly string[]): RunGroup => ({
  networks,
  conditions: ["bn"],
  batchNormInit: "oneOne",
});

/** All of them; what stays frozen of BatchNorm is frozen at U[0, 1) and 0, and for one of them at 1 and 0, too. */
const allConditions = (networks: readonly string[]): RunGroup[] => [
  { networks, conditions },
  { networks, conditions: ["all-but-bn"], batchNormInit: "fixed" },
];

const scales: Readonly<Record<ScaleName, Scale>> = {
  tiny: {
    protocol: tiny,
    seeds: 1,
    imagenet: {
      inputShape: [32, 32, 3],
      trainSize: 100,
      testSize: 50,
      epochs: 2,
      augmentation: "imagenet",
    },
    figures: {
      depth: [{ networks: resnets(8, 14, 20), conditions: ["all", "bn", "none"] }],
      width: [{ networks: resnets(8, "8-2", "8-3"), conditions: ["all", "bn", "none"] }],
      conditions: allConditions(resnets(8)),
      "random-2": [{ networks: resnets(8, 14, 20), conditions: ["bn", "random-2"] }],
      imagenet: [{ networks: imagenets(18, 34), conditions: ["bn"] }],
      gamma: [{ networks: resnets(8, 14), conditions: ["bn", "all"] }],
      thresholds: [{ networks: resnets(8), conditions: ["bn", "all"] }],
      curves: [{ networks: resnets(8), conditions: ["bn", "bn+shortcut+head", "all"] }],
      bytes: [
        { networks: resnets(8, 14, 20), conditions: ["bn", "bn+head"] },
        { networks: resnets(8), conditions: ["random-1", "random-2", "random-4"] },
        { networks: resnets("8-c4", "8-c8"), conditions: ["all"] },
      ],
    },
  },
  small: {
    protocol: small,
    seeds: 1,
    imagenet: {
      trainSize: 20_000,
      inputShape: [64, 64, 3],
      epochs: 8,
      augmentation: "imagenet",
    },
    figures: {
      depth: [{ networks: resnets(14, 20, 32, 56), conditions: ["bn"] }],
      width: [{ networks: resnets(14, "14-2", "14-4"), conditions: ["bn"] }],
      conditions: allConditions(resnets(14)),
      "random-2": [{ networks: resnets(14, 20, 32), conditions: ["bn", "random-2"] }],
      imagenet: [{ networks: imagenets(18, 34, 50), conditions: ["bn"] }],
      gamma: [{ networks: resnets(14), conditions: ["bn", "all"] }],
      thresholds: [{ networks: resnets(14), conditions: ["bn", "all"] }],
      curves: [{ networks: resnets(14), conditions: ["bn", "bn+shortcut+head", "all"] }],
      bytes: [
        { networks: resnets(14, 20, 32, 56, "14-2", "14-4"), conditions: ["bn"] },
        { networks: resnets(14), conditions: ["bn+head", "random-1", "random-2", "random-8"] },
        { networks: resnets("8-c2", "8-c4", "8-c8", "14-c8"), conditions: ["all"] },
      ],
    },
  },
  paper: {
    protocol: paper,
    seeds: 5,
    imagenet: {
      inputShape: [224, 224, 3],
      epochs: 90,
      batchSize: 1024,
      learningRate: 0.4,
      warmup: 5 / 90,
      // At epochs 30, 60 and 80 of 90: shares of the 85 after the warm-up.
      milestones: [25 / 85, 55 / 85, 75 / 85],
      augmentation: "imagenet",
    },
    figures: {
      depth: [{ networks: paperDepths, conditions: published }, alternate(paperDepths)],
      width: [{ networks: paperWidths, conditions: published }, alternate(paperWidths)],
      conditions: allConditions(resnets(14, 110)),
      "random-2": [{ networks: paperDepths, conditions: ["bn", "random-2"] }],
      imagenet: [{ networks: imagenets(18, 34, 50, 101, 200), conditions: ["bn", "random-2"] }],
      gamma: [{ networks: resnets(14, 56, 110), conditions: ["bn", "all"] }],
      thresholds: [{ networks: resnets(110), conditions: ["bn", "all"] }],
      curves: [{ networks: resnets(110), conditions: ["bn", "bn+shortcut+head", "all"] }],
      bytes: [
        {
          networks: [...resnets(14, 32, 56, 110, 218), ...resnets("14-2", "14-4", "14-8")],
          conditions: ["bn"],
        },
        { networks: resnets(14, 56, 110), conditions: ["bn+head"] },
        { networks: resnets(14), conditions: ["random-1", "random-2", "random-8"] },
        { networks: resnets("8-c2", "8-c4", "8-c8", "14-c8", "14"), conditions: ["all"] },
      ],
    },
  },
};

export interface ScaleChoice {
  readonly scale: ScaleName;
  /** Default: one, at the scale of the paper five. */
  readonly seeds?: number;
  readonly backend?: string;
  /** A folder of ImageNet; `tiny` takes synthetic images without. */
  readonly images?: string;
}

/** The figure at a scale, with everything that decides it. */
export function specOf(figure: FigureName, { scale, seeds, backend, images }: ScaleChoice) {
  const { protocol, seeds: usual, figures, imagenet } = scales[scale];
  const { classes: _classes, ...withoutClasses } = { ...protocol, ...imagenet };
  const own =
    figure !== "imagenet"
      ? protocol
      : images === undefined
        ? { ...protocol, ...imagenet }
        : { ...withoutClasses, dataset: `folder:${images}` };
  return {
    figure,
    seeds: Array.from({ length: seeds ?? usual }, (_, seed) => seed),
    protocol: { ...own, ...(backend !== undefined && { backend }) },
    runs: figures[figure],
  } satisfies FigureSpec as FigureSpec;
}
