/** How a workgroup of 64 invocations shares a tile of pixels and output channels. */
export type Tile = {
  /** Pixels of an invocation. */
  readonly pixels: number;
  /** Fours of output channels of an invocation. */
  readonly quads: number;
  /** Invocations along the channels; the others are along the pixels. */
  readonly across: number;
  /** Fours of input channels that are in workgroup memory at once. */
  readonly depth: number;
};

export const INVOCATIONS = 64;

/**
 * 256 pixels by 16 channels, 128 by 32 or 64 by 64: 64 sums an invocation, for 16 reads of workgroup memory. `innerQuads`,
 * the fours of channels that are summed over, are cut without a rest.
 */
export function tileFor(outputChannels: number, innerQuads: number): Tile {
  const across = outputChannels <= 16 ? 2 : outputChannels <= 32 ? 4 : 8;
  const depth = [4, 2].find((fours) => innerQuads % fours === 0 && fours <= across) ?? 1;
  return { pixels: 8, quads: 2, across, depth };
}

export function tileSize({ pixels, quads, across }: Tile): { pixels: number; quads: number } {
  return { pixels: pixels * (INVOCATIONS / across), quads: quads * across };
}
