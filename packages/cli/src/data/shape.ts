export type ImageShape = readonly [height: number, width: number, channels: number];

/** `64x64x3` */
export function imageSize(shape: readonly number[]): string {
  return shape.join("x");
}
