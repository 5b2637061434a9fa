import { arrays, type DatasetSplits, type ImageDataset } from "@bn-only/datasets";
import { randomStream } from "@bn-only/frozen-layers";

/** Numbers that decide one image. */
const DRAWS = 13;

/** Whether a point of the shape's own square, `-1` to `1` both ways with y downwards, is inside. */
type Inside = (x: number, y: number) => boolean;

const shapes: Readonly<Record<string, Inside>> = {
  circle: (x, y) => x * x + y * y <= 0.81,
  ring: (x, y) => x * x + y * y <= 0.81 && x * x + y * y >= 0.3,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.76,
  triangle: (x, y) => y <= 0.62 && y >= -0.9 + 1.75 * Math.abs(x),
  cross: (x, y) =>
    Math.min(Math.abs(x), Math.abs(y)) <= 0.27 && Math.max(Math.abs(x), Math.abs(y)) <= 0.92,
  star: (x, y) => starRadius(x, y) <= 0.42,
};

/** Five-pointed: the second smallest of the heights over the pentagon's five sides. */
const sides: readonly (readonly [number, number])[] = [
  [0, 1],
  [0.9510565162951535, 0.30901699437494745],
  [0.5877852522924731, -0.8090169943749475],
  [-0.5877852522924731, -0.8090169943749475],
  [-0.9510565162951535, 0.30901699437494745],
];

function starRadius(x: number, y: number): number {
  const heights = sides.map(([a, b]) => a * x + b * y).sort((a, b) => b - a);
  return heights[1]!;
}

export const shapeNames: readonly string[] = Object.keys(shapes);

export interface ShapesOptions {
  readonly trainSize: number;
  readonly testSize: number;
  /** Pixels on each side. */
  readonly side: number;
  /** Decides every pixel. */
  readonly seed: number;
}

/**
 * Drawings of six shapes bright on dark: place, size, tilt (up to 14 degrees), colours and noise are
 * random. Only `+ - * /` decide a pixel, so that a seed gives the same images in every browser: a link
 * to a trained network is tested on the images that its sender saw.
 */
export function drawShapes({ trainSize, testSize, side, seed }: ShapesOptions): DatasetSplits {
  return {
    train: draw(trainSize, side, seed, "train"),
    test: draw(testSize, side, seed, "test"),
  };
}

function draw(count: number, side: number, seed: number, split: string): ImageDataset {
  const values = side * side * 3;
  const images = new Uint8Array(count * values);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % shapeNames.length);
  const draws = randomStream(seed, `shapes/${split}`).uniform(count * DRAWS);
  const noise = randomStream(seed, `shapes/${split}/noise`).uniform(4096);
  for (let n = 0; n < count; n++) {
    const inside = Object.values(shapes)[labels[n]!]!;
    const image = images.subarray(n * values, (n + 1) * values);
    drawOne(image, side, inside, draws.subarray(n * DRAWS, (n + 1) * DRAWS), noise);
  }
  return arrays({ images, labels, shape: [side, side, 3], classes: shapeNames, name: "shapes" });
}

function drawOne(
  image: Uint8Array,
  side: number,
  inside: Inside,
  [placeX, placeY, size, turn, ...rest]: Iterable<number>,
  noise: ArrayLike<number>,
): void {
  const radius = (0.31 + 0.11 * size!) * side;
  const t = (2 * turn! - 1) / 8;
  const [cosine, sine] = [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
  const room = side / 2 - radius;
  const centreX = side / 2 + room * (2 * placeX! - 1);
  const centreY = side / 2 + room * (2 * placeY! - 1);
  const ground = rest.slice(0, 3).map((value) => 16 + 64 * value);
  const ink = rest.slice(3, 6).map((value) => 140 + 115 * value);
  const from = Math.floor(rest[6]! * 4096);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let covered = 0;
      // Four samples a pixel soften the edge.
      for (let sample = 0; sample < 4; sample++) {
        const dx = (x + 0.25 + 0.5 * (sample & 1) - centreX) / radius;
        const dy = (y + 0.25 + 0.5 * (sample >> 1) - centreY) / radius;
        if (inside(cosine * dx + sine * dy, cosine * dy - sine * dx)) covered += 0.25;
      }
      const pixel = (y * side + x) * 3;
      for (let c = 0; c < 3; c++) {
        const value = ground[c]! + covered * (ink[c]! - ground[c]!);
        const grain = 36 * (noise[(from + 7 * pixel + c) & 4095]! - 0.5);
        image[pixel + c] = Math.max(0, Math.min(255, Math.floor(value + grain)));
      }
    }
  }
}
