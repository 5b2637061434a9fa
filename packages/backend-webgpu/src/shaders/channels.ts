import type { Element } from "./shader.ts";

// Tensors whose last dimension are channels, read as rows of them. A workgroup takes a block of channels
// and a chunk of rows; an invocation has one place in the row (a channel, or four) and walks down the rows.

export const INVOCATIONS = 64;

/** Places of a block: a row of 16 times four floats is 256 bytes in one piece. */
const MOST_LANES = 16;

export interface ChannelGrid {
  /** One channel or four. */
  readonly element: Extract<Element, "f32" | "vec4f">;
  /** Places in a row. */
  readonly places: number;
  /** Places of a block, a power of two. */
  readonly lanes: number;
  readonly blocks: number;
  /** Rows that a workgroup has at once. */
  readonly rowLanes: number;
}

export function channelGrid(channels: number): ChannelGrid {
  const vectors = channels % 4 === 0;
  const places = vectors ? channels / 4 : channels;
  let lanes = 1;
  while (lanes < Math.min(places, MOST_LANES)) lanes *= 2;
  return {
    element: vectors ? "vec4f" : "f32",
    places,
    lanes,
    blocks: Math.ceil(places / lanes),
    rowLanes: INVOCATIONS / lanes,
  };
}

/** How rows are cut into chunks: on one adapter the shape alone decides, so that sums have one order. */
export function chunksOf(
  { rowLanes }: ChannelGrid,
  rows: number,
  { least, most }: { readonly least: number; readonly most: number },
): { chunks: number; chunkRows: number } {
  const perLane = Math.max(least, Math.ceil(rows / (rowLanes * most)));
  const chunkRows = rowLanes * perLane;
  return { chunks: Math.max(1, Math.ceil(rows / chunkRows)), chunkRows };
}

/**
 * WGSL: `place` and `firstRow` of this invocation, `inside` whether there is such a place, and `chunk`. The
 * uniforms `rows` and `chunkRows` are needed.
 */
export function channelIndices({ lanes, blocks, places }: ChannelGrid): string {
  return `
let place = (group % ${blocks}u) * ${lanes}u + lane % ${lanes}u;
let rowLane = lane / ${lanes}u;
let chunk = group / ${blocks}u;
let inside = place < ${places}u;
let endRow = min((chunk + 1u) * u.chunkRows, u.rows);
let firstRow = chunk * u.chunkRows + rowLane;`;
}

/** WGSL: `code` for each row of this invocation, where `i` is the index of its element. */
export function forEachRow({ rowLanes, places }: ChannelGrid, code: string): string {
  return `
if (inside) {
for (var row = firstRow; row < endRow; row += ${rowLanes}u) {
let i = row * ${places}u + place;
${code.trim()}
}
}`;
}
