/** How a workgroup of 64 invocations shares a tile of pixels and output channels. */
export type Tile = {
  /** Pixels of an invocation. */
  readonly pixels: number;
  /** Fours of output channels of an invocation. */
  readonly quads: number;
  /** Invocations along the channels; the others are along the pixels. */
  readonly across: number;
};

export const INVOCATIONS = 64;

/** Fours of input channels that are in workgroup memory at once. */
export const DEPTH = 4;

/** 64 pixels by 16 or 32 channels, 32 by 64: 16 or 32 sums an invocation. */
export function tileFor(outputChannels: number): Tile {
  if (outputChannels <= 16) return { pixels: 4, quads: 1, across: 4 };
  if (outputChannels <= 32) return { pixels: 4, quads: 2, across: 4 };
  return { pixels: 4, quads: 2, across: 8 };
}

export function tileSize({ pixels, quads, across }: Tile): { pixels: number; quads: number } {
  return { pixels: pixels * (INVOCATIONS / across), quads: quads * across };
}
