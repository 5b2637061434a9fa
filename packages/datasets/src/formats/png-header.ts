/** What the first chunk of a PNG says. */
export interface PngHeader {
  readonly height: number;
  readonly width: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colour: number;
  readonly interlaced: boolean;
}

/** A part of an interlaced image: every `dx`-th pixel of every `dy`-th row. */
export interface PngPass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly columns: number;
  readonly rows: number;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bits of a sample that each type of colour may have. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const samplesPerPixel: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** `[x, y, dx, dy]` of Adam7. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function hasPngSignature(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/** The header of a PNG, or what is wrong with it. */
export function pngHeader(bytes: Uint8Array): PngHeader | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 33 || !hasPngSignature(bytes)) return "it has no header";
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) return "it has no header";
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29);
  if (width === 0 || height === 0) return `it is ${height}x${width} pixels large`;
  if (depths[colour!]?.includes(depth!) !== true) {
    return `its colour type ${colour} with ${depth} bits does not exist`;
  }
  if (compression !== 0 || filter !== 0 || interlace! > 1) return "its pixels are packed otherwise";
  return { height, width, depth: depth!, colour: colour!, interlaced: interlace === 1 };
}

/** Samples of a pixel as they are stored; a palette has one. */
export function storedChannels({ colour }: PngHeader): number {
  return samplesPerPixel[colour]!;
}

/** The parts of an image that are stored one after another, without those that have no pixels. */
export function pngPasses({ height, width, interlaced }: PngHeader): PngPass[] {
  if (!interlaced) return [{ x: 0, y: 0, dx: 1, dy: 1, columns: width, rows: height }];
  return adam7
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.max(0, Math.ceil((width - x) / dx)),
      rows: Math.max(0, Math.ceil((height - y) / dy)),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Bytes of a row, without the one that names its filter. */
export function rowBytes(header: PngHeader, columns: number): number {
  return Math.ceil((columns * storedChannels(header) * header.depth) / 8);
}

/** Bytes of the inflated rows, each with its filter. */
export function rawBytes(header: PngHeader): number {
  let bytes = 0;
  for (const { columns, rows } of pngPasses(header))
    bytes += rows * (1 + rowBytes(header, columns));
  return bytes;
}
