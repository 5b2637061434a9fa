import type { conv2dFilterGradientOp } from "@bn-only/frozen-layers";
import { util } from "@tensorflow/tfjs-core";
import type { WebgpuTrainingBackend } from "../backend.ts";
import { addChunks, filterGradient, filterGradientBlocks } from "../shaders/filter-gradient.ts";
import { columnsOf, groupedFilterGradient } from "../shaders/grouped-filter-gradient.ts";
import { groupedConstants, sizesOf } from "./conv2d.ts";
import { release, type WebgpuKernel } from "./kernel.ts";

/** Pixels of a chunk at least, and floats that the sums of all chunks may take. */
const LEAST_PIXELS = 256;
const MOST_FLOATS = 1 << 23;

/** Workgroups that keep any GPU busy; more chunks than that only cost memory. */
const ENOUGH_GROUPS = 1024;

export const conv2dFilterGradient: WebgpuKernel<typeof conv2dFilterGradientOp> = (
  { input, outputGradient },
  geometry,
  backend,
) => {
  const { filterShape, groups } = geometry;
  const size = util.sizeFromShape([...filterShape]);
  const pixels = util.sizeFromShape(outputGradient.shape) / filterShape[3];
  const sizes = sizesOf({ inputShape: input.shape, outputShape: outputGradient.shape });
  const grouped = groupedConstants(geometry);
  const blocks = filterGradientBlocks(grouped);
  const columns = columnsOf(filterShape[3]);
  const perChunk =
    groups > 1 ? columns.blocks * (size / filterShape[3]) : blocks.rows * blocks.columns;
  const most = Math.max(1, Math.min(MOST_FLOATS / size, Math.ceil(ENOUGH_GROUPS / perChunk)));
  const chunkPixels = Math.max(LEAST_PIXELS, Math.ceil(pixels / Math.floor(most)));
  const chunks = Math.max(1, Math.ceil(pixels / chunkPixels));
  const partial = backend.allocate([chunks, size]);
  const command = {
    inputs: [input, outputGradient],
    outputs: [partial],
    groups: chunks * perChunk,
  };
  if (groups > 1) {
    const uniforms = { rows: pixels, chunkRows: chunkPixels, ...sizes };
    backend.run(groupedFilterGradient(grouped), { ...command, uniforms });
  } else {
    backend.run(filterGradient(grouped), {
      ...command,
      uniforms: { pixels, chunkPixels, ...sizes },
    });
  }
  const total = backend.allocate(filterShape);
  addUp(backend, partial, total, chunks);
  release(backend, partial);
  return { filterGradient: total };
};

type Tensor = ReturnType<WebgpuTrainingBackend["allocate"]>;

function addUp(
  backend: WebgpuTrainingBackend,
  partial: Tensor,
  total: Tensor,
  chunks: number,
): void {
  const size = util.sizeFromShape(total.shape);
  const vectors = size % 4 === 0;
  const count = vectors ? size / 4 : size;
  const uniforms = { count, chunks };
  const groups = Math.ceil(count / 64);
  backend.run(addChunks({ vectors }), { inputs: [partial], outputs: [total], uniforms, groups });
}
