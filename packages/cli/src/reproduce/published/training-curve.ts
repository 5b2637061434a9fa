import type { Condition } from "@bn-only/trainer";

/** Test accuracy after some epochs, in percent, read off the curve of ResNet-110 in arXiv 2003.00152v1 within a point. */
export interface PublishedCurve {
  readonly network: string;
  readonly condition: Condition;
  readonly points: readonly (readonly [epoch: number, accuracy: number])[];
}

export const publishedCurves: readonly PublishedCurve[] = [
  {
    network: "cifar-resnet-110",
    condition: "bn",
    points: [
      [1, 39],
      [5, 49],
      [20, 57],
      [40, 61],
      [79, 62],
      [82, 67],
      [119, 68.8],
      [123, 69.4],
      [160, 69.5],
    ],
  },
  {
    network: "cifar-resnet-110",
    condition: "all",
    points: [
      [1, 26],
      [5, 65],
      [20, 83.5],
      [79, 88],
      [82, 92.6],
      [160, 93.3],
    ],
  },
  { network: "cifar-resnet-110", condition: "bn+shortcut+head", points: [[160, 74.7]] },
];
