import { channelGrid, channelIndices, forEachRow, INVOCATIONS } from "./channels.ts";
import { defineShader, type Element, type ShaderParts } from "./shader.ts";

// Sums down the rows in two stages, each in an order that the shape alone decides: chunks of rows into
// `[chunks, quantities, channels]`, then the chunks.

export interface SumParts {
  /** Tensors of the rows and of the channels. */
  readonly inputs: readonly string[];
  readonly uniforms?: ShaderParts["uniforms"];
  /** Before the rows: what depends on the channel. */
  readonly before?: string;
  /** For each row: adds to `sum0`, `sum1`, … */
  readonly each: string;
  readonly quantities: number;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** WGSL: the first row lane adds to its sums those of the others, in their order. */
export function sumRowLanes(lanes: number, quantities: number): string {
  const each = (code: (quantity: number) => string) => range(quantities).map(code).join("\n");
  return `
${each((q) => `slots${q}[lane] = sum${q};`)}
workgroupBarrier();
if (rowLane == 0u) {
for (var other = lane + ${lanes}u; other < ${INVOCATIONS}u; other += ${lanes}u) {
${each((q) => `sum${q} += slots${q}[other];`)}
}
}`;
}

const slots = (element: Element, quantities: number): string =>
  range(quantities)
    .map((q) => `var<workgroup> slots${q}: array<T, ${INVOCATIONS}>;`)
    .join("\n") + `\nalias T = ${element};`;

/** The first stage. Uniforms: `rows`, `chunkRows` and those of the parts. */
export function defineColumnSums<Key extends { readonly channels: number }>(
  name: string,
  build: (constants: Key) => SumParts,
) {
  return defineShader<Key & Readonly<Record<string, string | number | boolean>>>(
    name,
    (constants) => {
      const { inputs, uniforms = {}, before = "", each, quantities } = build(constants);
      const grid = channelGrid(constants.channels);
      const { element, places, lanes } = grid;
      return {
        inputs: Object.fromEntries(inputs.map((tensor) => [tensor, element] as const)),
        outputs: { partial: element },
        uniforms: { rows: "u32", chunkRows: "u32", ...uniforms },
        invocations: INVOCATIONS,
        declarations: slots(element, quantities),
        main: `
${channelIndices(grid)}
${range(quantities)
  .map((q) => `var sum${q} = T(0);`)
  .join("\n")}
${before}
${forEachRow(grid, each)}
${sumRowLanes(lanes, quantities)}
if (inside && rowLane == 0u) {
${range(quantities)
  .map((q) => `partial[(chunk * ${quantities}u + ${q}u) * ${places}u + place] = sum${q};`)
  .join("\n")}
}`,
      };
    },
  );
}

/** WGSL of a second stage: the sums of `chunks` partial ones of this invocation's place, in `sum0`, … */
export function sumChunks(
  channels: number,
  quantities: number,
): { declarations: string; code: string } {
  const { element, places, lanes, rowLanes } = channelGrid(channels);
  const sums = range(quantities);
  return {
    declarations: slots(element, quantities),
    code: `
let place = group * ${lanes}u + lane % ${lanes}u;
let rowLane = lane / ${lanes}u;
let inside = place < ${places}u;
${sums.map((q) => `var sum${q} = T(0);`).join("\n")}
if (inside) {
for (var chunk = rowLane; chunk < u.chunks; chunk += ${rowLanes}u) {
${sums.map((q) => `sum${q} += partial[(chunk * ${quantities}u + ${q}u) * ${places}u + place];`).join("\n")}
}
}
${sumRowLanes(lanes, quantities)}`,
  };
}
