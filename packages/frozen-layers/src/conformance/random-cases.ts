import { randomStream } from "../random/stream.ts";
import { batchNormCases } from "./batch-norm-cases.ts";
import { batchNormTrainingCases } from "./batch-norm-training-cases.ts";
import type { ConformanceCase } from "./case.ts";
import { conv2dCases, type Conv2DRow } from "./conv2d-cases.ts";
import { globalPoolCases, poolCases, type PoolRow } from "./pool-cases.ts";

/** Work of the float64 reference; a shape beyond it is drawn again, so that the suite stays quick. */
const MOST_PRODUCTS = 4e6;
const MOST_NUMBERS = 1e5;

/**
 * The ops on images on `count` random shapes each: sizes from 1 to 40, batches from 1 to 9, 1 to 70
 * channels, any stride, padding and number of groups. Equal seeds give equal shapes.
 */
export function randomConformanceCases(count: number, seed: number): ConformanceCase[] {
  const drawn = <Row>(name: string, draw: (between: Between) => Row | undefined): Row[] =>
    Array.from({ length: count }, (_, i) => {
      const numbers = randomStream(seed, `${name}/${i}`).uniform(2000);
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

/** `undefined` where the image is too large. */
function drawShape(between: Between): [number, number, number, number] | undefined {
  const shape = [between(1, 9), between(1, 40), between(1, 40), between(1, 70)] as const;
  return shape.reduce((product, length) => product * length) > MOST_NUMBERS
    ? undefined
    : [...shape];
}

function drawConvolution(between: Between): Conv2DRow | undefined {
  const groups = between(0, 1) * between(0, 5) + 1;
  const most = Math.floor(70 / groups);
  return fitting(
    [between(1, 9), between(1, 40), between(1, 40), groups * between(1, most)],
    groups * between(1, most),
    {
      kernel: [between(1, 7), between(1, 7)],
      stride: between(1, 3),
      padding: between(0, 3),
      groups,
    },
  );
}

/** The most common convolution, which backends treat apart. */
function drawThreeByThree(between: Between): Conv2DRow | undefined {
  return fitting([between(1, 9), between(1, 40), between(1, 40), between(1, 70)], between(1, 70), {
    kernel: [3, 3],
    stride: 1,
    padding: between(0, 4),
    groups: 1,
  });
}

/** `undefined` where the kernel does not fit the image, or there is too much to compute. */
function fitting(
  input: [number, number, number, number],
  outputs: number,
  geometry: { kernel: [number, number]; stride: number; padding: number; groups: number },
): Conv2DRow | undefined {
  const [batch, height, width, channels] = input;
  const { kernel, stride, padding, groups } = geometry;
  const rows = Math.floor((height + 2 * padding - kernel[0]) / stride) + 1;
  const columns = Math.floor((width + 2 * padding - kernel[1]) / stride) + 1;
  if (rows < 1 || columns < 1) return undefined;
  const products = batch * rows * columns * outputs * kernel[0] * kernel[1] * (channels / groups);
  return products > MOST_PRODUCTS ? undefined : [input, outputs, geometry];
}

function drawPool(between: Between): PoolRow | undefined {
  const shape = drawShape(between);
  const size = between(1, 4);
  const padding = between(0, Math.floor(size / 2));
  if (!shape || Math.min(shape[1], shape[2]) + 2 * padding < size) return undefined;
  return [shape, { size, stride: between(1, 4), padding }];
}
