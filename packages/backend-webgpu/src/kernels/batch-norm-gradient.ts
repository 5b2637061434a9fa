import type { batchNormGradientOp } from "@bn-only/frozen-layers";
import {
  channelGrid,
  channelIndices,
  chunksOf,
  forEachRow,
  INVOCATIONS,
} from "../shaders/channels.ts";
import { defineColumnSums, sumChunks } from "../shaders/column-sums.ts";
import { defineShader } from "../shaders/shader.ts";
import { rowsOf, summing, WRITING } from "./batch-norm.ts";
import { release, share, type WebgpuKernel } from "./kernel.ts";

/** Where ReLU let the gradient pass: told by the output where a residual was added, computed again otherwise. */
type Mask = "none" | "output" | "recomputed";

const masked: Readonly<Record<Mask, string>> = {
  none: "let g = outputGradient[i];",
  output: "let g = select(T(0), outputGradient[i], forward[i] > T(0));",
  recomputed: "let g = select(T(0), outputGradient[i], (x - centre) * scale + shift > T(0));",
};

/** `Σ g` and `Σ g (x − mean)`. */
const gradientSums = defineColumnSums<{ channels: number; mask: Mask }>(
  "batchNormGradientSums",
  ({ mask }) => ({
    inputs: [
      "outputGradient",
      "input",
      "mean",
      ...(mask === "output" ? ["forward"] : []),
      ...(mask === "recomputed" ? ["gamma", "beta", "variance"] : []),
    ],
    uniforms: mask === "recomputed" ? { epsilon: "f32" } : {},
    before: `
var centre = T(0);
${mask === "recomputed" ? "var scale = T(0);\nvar shift = T(0);" : ""}
if (inside) {
centre = mean[place];
${mask === "recomputed" ? "scale = gamma[place] / sqrt(variance[place] + u.epsilon);\nshift = beta[place];" : ""}
}`,
    each: `
let x = input[i];
${masked[mask]}
sum0 += g;
sum1 += g * (x - centre);`,
    quantities: 2,
  }),
);

/**
 * The sums to dbeta and dgamma, and to what `dx = scale · g + slope · (x − mean) + offset` needs, and the mask:
 * `[mean, scale, beta, slope, offset]`.
 */
const finishSums = defineShader<{ channels: number; batchStatistics: boolean }>(
  "batchNormGradientFinish",
  ({ channels, batchStatistics }) => {
    const { element, places } = channelGrid(channels);
    const { declarations, code } = sumChunks(channels, 2);
    const vectors = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, element] as const));
    return {
      inputs: vectors("partial", "gamma", "beta", "mean", "variance"),
      outputs: vectors("gammaGradient", "betaGradient", "coefficients"),
      uniforms: { chunks: "u32", count: "f32", epsilon: "f32" },
      invocations: INVOCATIONS,
      declarations,
      main: `
${code}
if (inside && rowLane == 0u) {
let spread = T(1) / sqrt(variance[place] + u.epsilon);
let scale = gamma[place] / sqrt(variance[place] + u.epsilon);
let dbeta = sum0;
let dgamma = sum1 * spread;
betaGradient[place] = dbeta;
gammaGradient[place] = dgamma;
coefficients[place] = mean[place];
coefficients[${places}u + place] = scale;
coefficients[${2 * places}u + place] = beta[place];
coefficients[${3 * places}u + place] = ${batchStatistics ? "-scale * spread * dgamma / u.count" : "T(0)"};
coefficients[${4 * places}u + place] = ${batchStatistics ? "-scale * dbeta / u.count" : "T(0)"};
}`,
    };
  },
);

/** dx, and the gradient of the residual where ReLU changed it. */
const inputGradients = defineShader<{
  channels: number;
  mask: Mask;
  input: boolean;
  residual: boolean;
}>("batchNormInputGradient", ({ channels, mask, input, residual }) => {
  const grid = channelGrid(channels);
  const { element, places } = grid;
  const readsInput = input || mask === "recomputed";
  const tensors = (...names: (string | false)[]) =>
    Object.fromEntries(
      names.filter((name) => name !== false).map((name) => [name, element] as const),
    );
  const coefficient = (name: string, at: number) =>
    `let ${name} = coefficients[${at * places}u + min(place, ${places - 1}u)];`;
  return {
    inputs: tensors(
      "outputGradient",
      readsInput && "input",
      mask === "output" && "forward",
      readsInput && "coefficients",
    ),
    outputs: tensors(input && "inputGradient", residual && "residualGradient"),
    uniforms: { rows: "u32", chunkRows: "u32" },
    invocations: INVOCATIONS,
    declarations: `alias T = ${element};`,
    main: `
${channelIndices(grid)}
${readsInput ? ["centre", "scale", "shift", "slope", "offset"].map(coefficient).join("\n") : ""}
${forEachRow(
  grid,
  `
${readsInput ? "let x = input[i];" : ""}
${masked[mask]}
${input ? "inputGradient[i] = scale * g + slope * (x - centre) + offset;" : ""}
${residual ? "residualGradient[i] = g;" : ""}`,
)}`,
  };
});

export const batchNormGradient: WebgpuKernel<typeof batchNormGradientOp> = (
  { outputGradient, input, gamma, beta, mean, variance, output },
  { epsilon, relu, batchStatistics, inputGradient: wanted },
  backend,
) => {
  const { rows, channels } = rowsOf(input);
  const grid = channelGrid(channels);
  const mask: Mask = !relu ? "none" : output ? "output" : "recomputed";
  const forward = mask === "output" ? [output!] : [];

  const { chunks, chunkRows } = chunksOf(grid, rows, summing(backend));
  const partial = backend.allocate([chunks, 2, channels]);
  backend.run(gradientSums({ channels, mask }), {
    inputs: [
      outputGradient,
      input,
      mean,
      ...forward,
      ...(mask === "recomputed" ? [gamma, beta, variance] : []),
    ],
    outputs: [partial],
    uniforms: { rows, chunkRows, epsilon },
    groups: chunks * grid.blocks,
  });
  const [gammaGradient, betaGradient] = [
    backend.allocate([channels]),
    backend.allocate([channels]),
  ];
  const coefficients = backend.allocate([5, channels]);
  backend.run(finishSums({ channels, batchStatistics }), {
    inputs: [partial, gamma, beta, mean, variance],
    outputs: [gammaGradient, betaGradient, coefficients],
    uniforms: { chunks, count: rows, epsilon },
    groups: grid.blocks,
  });
  release(backend, partial);

  const residual = output !== undefined && relu;
  const inputGradient = wanted ? backend.allocate(input.shape) : undefined;
  const residualGradient = residual ? backend.allocate(input.shape) : undefined;
  if (inputGradient || residualGradient) {
    const readsInput = wanted || mask === "recomputed";
    const writing = chunksOf(grid, rows, WRITING);
    backend.run(inputGradients({ channels, mask, input: wanted, residual }), {
      inputs: [
        outputGradient,
        ...(readsInput ? [input] : []),
        ...forward,
        ...(readsInput ? [coefficients] : []),
      ],
      outputs: [inputGradient, residualGradient].filter((tensor) => tensor !== undefined),
      uniforms: { rows, chunkRows: writing.chunkRows },
      groups: writing.chunks * grid.blocks,
    });
  }
  release(backend, coefficients);
  return {
    gammaGradient,
    betaGradient,
    inputGradient,
    residualGradient:
      output && !relu ? share(backend, outputGradient, outputGradient.shape) : residualGradient,
  };
};
