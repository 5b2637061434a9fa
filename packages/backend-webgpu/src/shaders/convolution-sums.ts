import { INVOCATIONS, type Tile, tileSize } from "./convolution-tile.ts";

// The sums of an invocation: `pixels` by `quads` fours of output channels, in registers.

/** Where an invocation of a workgroup works, and sums of zero. */
export function beginSums(constants: Tile): string {
  const { pixels, quads, across } = constants;
  const tile = tileSize(constants);
  return `
let firstQuad = i32(group % u.columnBlocks) * ${tile.quads};
let phase = phaseOf(i32(group / (u.columnBlocks * u.blocks)));
let firstPixel = i32((group / u.columnBlocks) % u.blocks) * ${tile.pixels};
let acrossLane = lane % ${across}u;
let downLane = lane / ${across}u;
${lines(quads, (n) => `let quad${n} = firstQuad + i32(acrossLane) + ${n * across};`)}
${lines(pixels, (m) => lines(quads, (n) => `var sum${m}_${n} = vec4f(0);`))}`;
}

/** Four channels of pixel `m`, `a<m>`, times four rows of the filter, `b<row>_<quad>`. */
export function addProducts({ quads }: Tile, m: number): string {
  return lines(
    quads,
    (n) =>
      `sum${m}_${n} += a${m}.x * b0_${n} + a${m}.y * b1_${n} + a${m}.z * b2_${n} + a${m}.w * b3_${n};`,
  );
}

/** Where the pixels of an invocation lie in its workgroup's tile. */
export const pixelStep = ({ across }: Tile): number => INVOCATIONS / across;

/** @param corner of pixel m, whose w is where it is written */
export function writeSums({ pixels, quads }: Tile, corner: (m: number) => string): string {
  return lines(
    pixels,
    (m) => `let pixel${m} = ${corner(m)}.w;
${lines(
  quads,
  (n) =>
    `if (pixel${m} >= 0 && quad${n} < u.outerQuads) { output[pixel${m} * u.outerQuads + quad${n}] = sum${m}_${n}; }`,
)}`,
  );
}

export function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join("\n");
}
