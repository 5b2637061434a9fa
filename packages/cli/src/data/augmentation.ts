import {
  type BatchSourceOptions,
  centerCrop,
  horizontalFlip,
  randomResizedCrop,
  resize,
} from "@bn-only/datasets";

/**
 * How training images vary, and how test images are cut. `cifar`: flips and crops by 4 pixels, test images as they are.
 * `imagenet`: as in the paper's code, windows of 0.1 to 1 of the area and 0.8 to 1.25 as wide as high, and flips; of test
 * images, the shorter side at 8/7 of the network's, its middle.
 */
export const augmentationNames = ["cifar", "imagenet"] as const;

export type AugmentationName = (typeof augmentationNames)[number];

type Transforms = Pick<BatchSourceOptions, "augment" | "transforms">;
type Shape = readonly number[];

interface Augmentation {
  readonly augment: boolean;
  readonly augmentation?: AugmentationName;
}

/** Of training images, for `batchSource`. */
export function trainTransforms({ augment, augmentation }: Augmentation, shape: Shape): Transforms {
  if (!augment || augmentation !== "imagenet") return { augment };
  const size = [shape[0]!, shape[1]!] as const;
  return {
    transforms: [
      randomResizedCrop({ size, scale: [0.1, 1], ratio: [0.8, 1.25] }),
      horizontalFlip(),
    ],
  };
}

/** Of test images, for `batchSource`. */
export function testTransforms(
  augmentation: AugmentationName | undefined,
  shape: Shape,
): Transforms {
  if (augmentation !== "imagenet") return {};
  const [height, width] = [shape[0]!, shape[1]!];
  // 256 for the usual 224.
  const shorter = Math.round((Math.max(height, width) * 8) / 7);
  return { transforms: [resize({ size: shorter }), centerCrop({ size: [height, width] })] };
}
