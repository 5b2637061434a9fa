import { randomStream } from "../random/stream.ts";
import { batchNormCases } from "./batch-norm-cases.ts";
import { batchNormTrainingCases } from "./batch-norm-training-cases.ts";
import type { ConformanceCase } from "./case.ts";
import { conv2dCases, type Conv2DRow } from "./conv2d-cases.ts";
import { globalPoolCases, poolCases, type PoolRow } from "./pool-cases.ts";

/**
 * The ops on images on `count` random shapes each: odd sizes, few and many channels, any stride,
 * padding and number of groups. Equal seeds give equal shapes.
 */
export function randomConformanceCases(count: number, seed: number): ConformanceCase[] {
  const drawn = <Row>(name: string, draw: (between: Between) => Row | undefined): Row[] =>
    Array.from({ length: count }, (_, i) => {
      const numbers = randomStream(seed, `${name}/${i}`).uniform(100);
      let used = 0;
      const between: Between = (low, high) => low + Math.floor(numbers[used++]! * (high - low + 1));
      let row: Row | undefined;
      while (row === undefined) row = draw(between);
      return row;
    });
  const shapes = drawn("image", drawShape);
  const batches = shapes.filter(([batch, height, width]) => batch * height * width > 1);
  return [
    ...conv2dCases(drawn("conv2d", drawConvolution)),
    ...conv2dCases(drawn("conv2d 3x3", drawThreeByThree)),
    ...batchNormCases(batches),
    ...batchNormTrainingCases(batches),
    ...poolCases(drawn("pool", drawPool)),
    ...globalPoolCases(shapes),
  ];
}

/** A whole number from `low` to `high`. */
type Between = (low: number, high: number) => number;

function drawShape(between: Between): [number, number, number, number] {
  return [between(1, 9), between(1, 20), between(1, 20), between(1, 70)];
}

/** `undefined` where the kernel does not fit the image. */
function drawConvolution(between: Between): Conv2DRow | undefined {
  const [batch, height, width] = [between(1, 5), between(1, 20), between(1, 20)];
  const kernel: [number, number] = [between(1, 5), between(1, 5)];
  const padding = between(0, 3);
  const groups = between(0, 1) * between(0, 5) + 1;
  const perGroup = groups === 1 ? 40 : 9;
  if (height + 2 * padding < kernel[0] || width + 2 * padding < kernel[1]) return undefined;
  return [
    [batch, height, width, groups * between(1, perGroup)],
    groups * between(1, perGroup),
    { kernel, stride: between(1, 3), padding, groups },
  ];
}

/** The most common convolution, which backends treat apart. */
function drawThreeByThree(between: Between): Conv2DRow | undefined {
  const [height, width, padding] = [between(1, 40), between(1, 40), between(0, 2)];
  if (height + 2 * padding < 3 || width + 2 * padding < 3) return undefined;
  return [[between(1, 3), height, width, between(1, 40)], between(1, 40), { kernel: 3, padding }];
}

function drawPool(between: Between): PoolRow | undefined {
  const [batch, height, width, channels] = drawShape(between);
  const size = between(1, 4);
  const padding = between(0, Math.floor(size / 2));
  if (Math.min(height, width) + 2 * padding < size) return undefined;
  return [[batch, height, width, channels], { size, stride: between(1, 4), padding }];
}
