import { channelGrid } from "./channels.ts";
import { sumRowLanes } from "./column-sums.ts";
import type { GroupedConstants } from "./grouped-convolution.ts";
import { defineShader, type Shader } from "./shader.ts";

/**
 * dLoss/dFilter of a convolution in groups: for each tap and input channel of a group, the sum down the pixels
 * of an input times the output gradient, to `[chunks, taps, inputs, groups · outputs]`.
 */
export const groupedFilterGradient: (constants: GroupedConstants) => Shader = defineShader(
  "groupedConv2dFilterGradient",
  ({ kernelHeight, kernelWidth, stride, padding, groups, inputs, outputs }: GroupedConstants) => {
    const { places, lanes, blocks, rowLanes } = columnsOf(groups * outputs);
    const entries = kernelHeight * kernelWidth * inputs;
    return {
      inputs: { source: "f32", gradient: "f32" },
      outputs: { partial: "f32" },
      uniforms: {
        rows: "u32",
        chunkRows: "u32",
        height: "i32",
        width: "i32",
        outputHeight: "i32",
        outputWidth: "i32",
      },
      invocations: 64,
      declarations: "alias T = f32;\nvar<workgroup> slots0: array<f32, 64>;",
      main: `
let place = (group % ${blocks}u) * ${lanes}u + lane % ${lanes}u;
let rowLane = lane / ${lanes}u;
let entry = i32((group / ${blocks}u) % ${entries}u);
let chunk = group / ${blocks * entries}u;
let inside = place < ${places}u;
let tap = entry / ${inputs};
let channel = (i32(place) / ${outputs}) * ${inputs} + entry % ${inputs};
let endRow = min((chunk + 1u) * u.chunkRows, u.rows);
var sum0 = 0.0;
if (inside) {
for (var row = chunk * u.chunkRows + rowLane; row < endRow; row += ${rowLanes}u) {
let pixel = i32(row);
let image = pixel / (u.outputHeight * u.outputWidth);
let y = ((pixel / u.outputWidth) % u.outputHeight) * ${stride} - ${padding} + tap / ${kernelWidth};
let x = (pixel % u.outputWidth) * ${stride} - ${padding} + tap % ${kernelWidth};
if (y >= 0 && y < u.height && x >= 0 && x < u.width) {
let at = ((image * u.height + y) * u.width + x) * ${groups * inputs} + channel;
sum0 += source[at] * gradient[row * ${places}u + place];
}
}
}
${sumRowLanes(lanes, 1)}
if (inside && rowLane == 0u) {
partial[(chunk * ${entries}u + u32(entry)) * ${places}u + place] = sum0;
}`,
    };
  },
);

/** Single channels, not fours: the input of four outputs need not lie in one four. */
export function columnsOf(channels: number) {
  const grid = channelGrid(channels);
  if (grid.element === "f32") return grid;
  let lanes = 1;
  while (lanes < Math.min(channels, 16)) lanes *= 2;
  return {
    element: "f32" as const,
    places: channels,
    lanes,
    blocks: Math.ceil(channels / lanes),
    rowLanes: 64 / lanes,
  };
}
