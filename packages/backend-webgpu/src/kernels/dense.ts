import type { denseGradientOp, denseOp } from "@bn-only/frozen-layers";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { defineShader } from "../shaders/shader.ts";
import { sumRows } from "./bias.ts";
import type { WebgpuKernel } from "./kernel.ts";

/**
 * `output[row, column] = Σ a[…] · b[…] (+ bias[column])`, an invocation for each. The matrices may lie in memory
 * as their transposes. Four sums side by side keep each of them short.
 */
const matrixProduct = defineShader<{ aTransposed: boolean; bTransposed: boolean; bias: boolean }>(
  "matrixProduct",
  ({ aTransposed, bTransposed, bias }) => ({
    inputs: { a: "f32", b: "f32", ...(bias && { shift: "f32" as const }) },
    outputs: { product: "f32" },
    uniforms: { rows: "u32", columns: "u32", depth: "u32" },
    invocations: 64,
    declarations: `
fn term(row: u32, column: u32, k: u32) -> f32 {
  if (k >= u.depth) { return 0.0; }
  return a[${aTransposed ? "k * u.rows + row" : "row * u.depth + k"}] *
    b[${bTransposed ? "column * u.depth + k" : "k * u.columns + column"}];
}`,
    main: `
let i = group * 64u + lane;
if (i >= u.rows * u.columns) { return; }
let row = i / u.columns;
let column = i % u.columns;
var sums = vec4f(0);
for (var k = 0u; k < u.depth; k += 4u) {
sums += vec4f(
  term(row, column, k),
  term(row, column, k + 1u),
  term(row, column, k + 2u),
  term(row, column, k + 3u),
);
}
product[i] = (sums.x + sums.y) + (sums.z + sums.w)${bias ? " + shift[column]" : ""};`,
  }),
);

interface Product {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly aTransposed?: boolean;
  readonly bTransposed?: boolean;
  readonly bias?: TensorInfo | undefined;
}

function multiply(
  backend: WebgpuTrainingBackend,
  { a, b, aTransposed = false, bTransposed = false, bias }: Product,
): TensorInfo {
  const [rows, depth] = aTransposed ? a.shape.toReversed() : a.shape;
  const columns = b.shape[bTransposed ? 0 : 1]!;
  const product = backend.allocate([rows!, columns]);
  backend.run(matrixProduct({ aTransposed, bTransposed, bias: bias !== undefined }), {
    inputs: [a, b, ...(bias ? [bias] : [])],
    outputs: [product],
    uniforms: { rows: rows!, columns, depth: depth! },
    groups: Math.ceil((rows! * columns) / 64),
  });
  return product;
}

export const dense: WebgpuKernel<typeof denseOp> = ({ input, kernel, bias }, _none, backend) => ({
  output: multiply(backend, { a: input, b: kernel, bias }),
});

export const denseGradient: WebgpuKernel<typeof denseGradientOp> = (
  { outputGradient, kernel, input },
  wanted,
  backend,
) => ({
  inputGradient: wanted.input
    ? multiply(backend, { a: outputGradient, b: kernel, bTransposed: true })
    : undefined,
  kernelGradient: wanted.kernel
    ? multiply(backend, { a: input!, b: outputGradient, aTransposed: true })
    : undefined,
  biasGradient: wanted.bias ? sumRows(backend, outputGradient) : undefined,
});
