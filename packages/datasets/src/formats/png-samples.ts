import { pngPasses, rowBytes, storedChannels } from "./png-header.ts";
import type { PngHeader, PngPass } from "./png-header.ts";

interface Samples {
  readonly channels: number;
  /** `[height, width, channels]`. */
  readonly pixels: Uint8Array;
}

/**
 * Undoes filters and interlacing.
 *
 * @param raw inflated rows; changed in place
 * @returns what is wrong, when a filter or a colour does not exist
 */
export function pngSamples(
  header: PngHeader,
  raw: Uint8Array,
  palette: Uint8Array | undefined,
): Samples | string {
  const { height, width, depth, colour } = header;
  const stored = storedChannels(header);
  const channels = colour === 3 ? 3 : stored;
  const pixelBytes = Math.max(1, (stored * depth) >> 3);
  if (colour === 3 && palette === undefined) return "it has no palette";
  const colours = palette === undefined ? 0 : palette.length / 3;
  const pixels = new Uint8Array(height * width * channels);
  let at = 0;
  for (const pass of pngPasses(header)) {
    const length = rowBytes(header, pass.columns);
    let previous: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < pass.rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      if (!unfilter(raw[at]!, line, previous, pixelBytes)) return `a row has filter ${raw[at]}`;
      previous = line;
      at += 1 + length;
      if (depth === 8 && colour !== 3 && !header.interlaced) {
        pixels.set(line, row * length);
        continue;
      }
      const sample = sampleReader(header, line);
      for (let i = 0; i < pass.columns; i++) {
        const to = pixelIndex(pass, row, i, width) * channels;
        if (colour === 3) {
          const index = sample(i);
          if (index >= colours) return `a pixel has colour ${index} of ${colours}`;
          pixels.set(palette!.subarray(3 * index, 3 * index + 3), to);
        } else {
          for (let c = 0; c < channels; c++) pixels[to + c] = sample(i * channels + c);
        }
      }
    }
  }
  return { channels, pixels };
}

function pixelIndex({ x, y, dx, dy }: PngPass, row: number, column: number, width: number): number {
  return (y + row * dy) * width + x + column * dx;
}

/** Sample `i` of a row as 8 bits; of a palette as it is. */
function sampleReader({ depth, colour }: PngHeader, line: Uint8Array): (i: number) => number {
  if (depth === 8) return (i) => line[i]!;
  if (depth === 16) return (i) => line[2 * i]!;
  const largest = (1 << depth) - 1;
  const scale = colour === 3 ? 1 : 255 / largest;
  return (i) => {
    const bit = i * depth;
    return ((line[bit >> 3]! >> (8 - depth - (bit & 7))) & largest) * scale;
  };
}

/** Undoes one of the five filters of a row, in place. False when there is no such filter. */
function unfilter(
  filter: number,
  line: Uint8Array,
  previous: Uint8Array,
  pixelBytes: number,
): boolean {
  const length = line.length;
  if (filter === 1) {
    for (let i = pixelBytes; i < length; i++) line[i] = line[i]! + line[i - pixelBytes]!;
  } else if (filter === 2) {
    for (let i = 0; i < length; i++) line[i] = line[i]! + previous[i]!;
  } else if (filter === 3) {
    for (let i = 0; i < length; i++) {
      const left = i < pixelBytes ? 0 : line[i - pixelBytes]!;
      line[i] = line[i]! + ((left + previous[i]!) >> 1);
    }
  } else if (filter === 4) {
    for (let i = 0; i < length; i++) {
      const left = i < pixelBytes ? 0 : line[i - pixelBytes]!;
      const upperLeft = i < pixelBytes ? 0 : previous[i - pixelBytes]!;
      line[i] = line[i]! + paeth(left, previous[i]!, upperLeft);
    }
  }
  return filter <= 4;
}

function paeth(left: number, up: number, upperLeft: number): number {
  const estimate = left + up - upperLeft;
  const [toLeft, toUp, toUpperLeft] = [
    Math.abs(estimate - left),
    Math.abs(estimate - up),
    Math.abs(estimate - upperLeft),
  ];
  if (toLeft <= toUp && toLeft <= toUpperLeft) return left;
  return toUp <= toUpperLeft ? up : upperLeft;
}
