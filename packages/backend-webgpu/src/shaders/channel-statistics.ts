import { channelGrid, channelIndices, forEachRow, INVOCATIONS } from "./channels.ts";
import { defineShader, type Shader } from "./shader.ts";

// Mean and sum of squared deviations down the rows, without a transposition and without the cancellation of
// Σx² − (Σx)²/n: an invocation sums what its rows have beyond its first one, then come the merges of Chan, Golub &
// LeVeque (1983).

/** `[n, mean, m2]` of a and b become those of both; `b` may be empty. */
const merge = `
struct Moments { n: f32, mean: T, m2: T }
fn merge(a: Moments, b: Moments) -> Moments {
  let n = a.n + b.n;
  if (b.n == 0.0) { return a; }
  if (a.n == 0.0) { return b; }
  let d = b.mean - a.mean;
  return Moments(n, a.mean + d * (b.n / n), a.m2 + b.m2 + d * d * (a.n * (b.n / n)));
}`;

const slots = `
var<workgroup> counts: array<f32, ${INVOCATIONS}>;
var<workgroup> means: array<T, ${INVOCATIONS}>;
var<workgroup> m2s: array<T, ${INVOCATIONS}>;`;

/** WGSL: the first row lane merges into its `moments` those of the others, in their order. */
const mergeRowLanes = (lanes: number): string => `
counts[lane] = moments.n;
means[lane] = moments.mean;
m2s[lane] = moments.m2;
workgroupBarrier();
if (rowLane == 0u) {
for (var other = lane + ${lanes}u; other < ${INVOCATIONS}u; other += ${lanes}u) {
moments = merge(moments, Moments(counts[other], means[other], m2s[other]));
}
}`;

/** Chunks of rows to `[chunks, 2, channels]`: mean and m2. Uniforms `rows`, `chunkRows`. */
export const chunkStatistics: (constants: { channels: number }) => Shader = defineShader(
  "chunkStatistics",
  ({ channels }) => {
    const grid = channelGrid(channels);
    const { element, places, lanes } = grid;
    return {
      inputs: { input: element },
      outputs: { chunkMoments: element },
      uniforms: { rows: "u32", chunkRows: "u32" },
      invocations: INVOCATIONS,
      declarations: `alias T = ${element};${merge}${slots}`,
      main: `
${channelIndices(grid)}
var count = 0.0;
var sum = T(0);
var squares = T(0);
var shift = T(0);
if (inside && firstRow < endRow) { shift = input[firstRow * ${places}u + place]; }
${forEachRow(
  grid,
  `
let d = input[i] - shift;
count += 1.0;
sum += d;
squares += d * d;`,
)}
let offset = sum / max(count, 1.0);
var moments = Moments(count, shift + offset, max(squares - sum * offset, T(0)));
${mergeRowLanes(lanes)}
if (inside && rowLane == 0u) {
chunkMoments[(chunk * 2u) * ${places}u + place] = moments.mean;
chunkMoments[(chunk * 2u + 1u) * ${places}u + place] = moments.m2;
}`,
    };
  },
);

/**
 * The chunks to mean and biased variance and, where there are running ones, to their next values. Uniforms
 * `rows`, `chunkRows`, `chunks`, `momentum`.
 */
export const batchStatistics: (constants: { channels: number; running: boolean }) => Shader =
  defineShader("batchStatistics", ({ channels, running }) => {
    const { element, places, lanes, rowLanes } = channelGrid(channels);
    const vectors = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, element] as const));
    return {
      inputs: vectors("chunkMoments", ...(running ? ["runningMean", "runningVariance"] : [])),
      outputs: vectors("mean", "variance", ...(running ? ["nextMean", "nextVariance"] : [])),
      uniforms: { rows: "u32", chunkRows: "u32", chunks: "u32", momentum: "f32" },
      invocations: INVOCATIONS,
      declarations: `alias T = ${element};${merge}${slots}`,
      main: `
let place = group * ${lanes}u + lane % ${lanes}u;
let rowLane = lane / ${lanes}u;
let inside = place < ${places}u;
var moments = Moments(0.0, T(0), T(0));
if (inside) {
for (var chunk = rowLane; chunk < u.chunks; chunk += ${rowLanes}u) {
let n = f32(min(u.chunkRows, u.rows - chunk * u.chunkRows));
let mean = chunkMoments[(chunk * 2u) * ${places}u + place];
moments = merge(moments, Moments(n, mean, chunkMoments[(chunk * 2u + 1u) * ${places}u + place]));
}
}
${mergeRowLanes(lanes)}
if (inside && rowLane == 0u) {
mean[place] = moments.mean;
variance[place] = moments.m2 / f32(u.rows);
${running ? next : ""}
}`,
    };
  });

/** With the unbiased variance, as PyTorch has it. */
const next = `
nextMean[place] = (1.0 - u.momentum) * runningMean[place] + u.momentum * moments.mean;
let unbiased = moments.m2 / f32(u.rows - 1u);
nextVariance[place] = (1.0 - u.momentum) * runningVariance[place] + u.momentum * unbiased;`;
