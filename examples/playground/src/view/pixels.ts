/** Draws `[side, side, 3]` bytes onto a canvas of that size. */
export function drawImage(canvas: HTMLCanvasElement, pixels: Uint8Array, side: number): void {
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const image = new ImageData(side, side);
  for (let i = 0; i < side * side; i++) {
    image.data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

export interface Tiles {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly columns: number;
  /** Red, green and blue of one pixel, 0 to 255. */
  readonly pixel: (tile: number, y: number, x: number) => readonly [number, number, number];
}

/** Small images in a grid with a transparent line between them. */
export function drawTiles(
  canvas: HTMLCanvasElement,
  { count, height, width, columns, pixel }: Tiles,
): void {
  const rows = Math.ceil(count / columns);
  const gap = Math.max(1, Math.round(width / 12));
  const full = { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
  if (canvas.width !== full.width || canvas.height !== full.height) Object.assign(canvas, full);
  const image = new ImageData(full.width, full.height);
  for (let tile = 0; tile < count; tile++) {
    const top = Math.floor(tile / columns) * (height + gap);
    const left = (tile % columns) * (width + gap);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [red, green, blue] = pixel(tile, y, x);
        const at = 4 * ((top + y) * full.width + left + x);
        image.data[at] = red;
        image.data[at + 1] = green;
        image.data[at + 2] = blue;
        image.data[at + 3] = 255;
      }
    }
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
