import { expect, test } from "vitest";
import { channelGrid, chunksOf } from "../src/shaders/channels.ts";
import { tileFor, tileSize } from "../src/shaders/convolution-tile.ts";
import { dispatchSize } from "../src/shaders/dispatch.ts";
import { assemble, defineShader } from "../src/shaders/shader.ts";

test("assemble: uniforms, then what is read, then what is written; groups behind the last return", () => {
  const code = assemble({
    inputs: { x: "vec4f", labels: "i32" },
    outputs: { y: "f32" },
    uniforms: { count: "u32", rate: "f32" },
    invocations: 64,
    main: "y[group * 64u + lane] = u.rate;",
  });
  expect(code).toBe(`struct Uniforms {
  groups: u32,
  count: u32,
  rate: f32,
}
@group(0) @binding(0) var<uniform> u: Uniforms;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> labels: array<i32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
let group = workgroup.y * workgroups.x + workgroup.x;
if (group >= u.groups) { return; }
y[group * 64u + lane] = u.rate;
}
`);
});

test("defineShader: one shader for equal constants, another for others", () => {
  const shaders = defineShader<{ channels: number }>("test", ({ channels }) => ({
    inputs: {},
    outputs: {},
    uniforms: {},
    invocations: 1,
    main: `let c = ${channels};`,
  }));
  expect(shaders({ channels: 3 })).toBe(shaders({ channels: 3 }));
  expect(shaders({ channels: 4 })).not.toBe(shaders({ channels: 3 }));
  expect(shaders({ channels: 4 }).code).toContain("let c = 4;");
});

test.each([
  [0, [0, 0]],
  [1, [1, 1]],
  [65_535, [65_535, 1]],
  [65_536, [32_768, 2]],
  [200_001, [50_001, 4]],
])("dispatchSize: %d workgroups in rows of at most 65,535", (groups, size) => {
  expect(dispatchSize(groups)).toEqual(size);
});

test.each([
  [3, { element: "f32", places: 3, lanes: 4, blocks: 1, rowLanes: 16 }],
  [16, { element: "vec4f", places: 4, lanes: 4, blocks: 1, rowLanes: 16 }],
  [64, { element: "vec4f", places: 16, lanes: 16, blocks: 1, rowLanes: 4 }],
  [440, { element: "vec4f", places: 110, lanes: 16, blocks: 7, rowLanes: 4 }],
])("channelGrid: %d channels", (channels, grid) => {
  expect(channelGrid(channels)).toEqual(grid);
});

test("chunksOf: all rows, at most so many chunks", () => {
  const grid = channelGrid(64);
  expect(chunksOf(grid, 100, { least: 16, most: 512 })).toEqual({ chunks: 2, chunkRows: 64 });
  expect(chunksOf(grid, 1_000_000, { least: 16, most: 512 })).toEqual({
    chunks: 512,
    chunkRows: 1956,
  });
  expect(chunksOf(grid, 1, { least: 16, most: 512 }).chunks).toBe(1);
});

test.each([
  [10, { pixels: 256, quads: 4 }],
  [32, { pixels: 128, quads: 8 }],
  [64, { pixels: 64, quads: 16 }],
])("tileFor: %d output channels", (channels, size) => {
  expect(tileSize(tileFor(channels, 4))).toEqual(size);
});

test("tileFor: workgroup memory stays below 16 KiB, and no four of channels is left over", () => {
  for (const channels of [1, 16, 17, 32, 33, 440]) {
    for (const innerQuads of [1, 2, 3, 4, 6, 26, 110]) {
      const tile = tileFor(channels, innerQuads);
      const { pixels, quads } = tileSize(tile);
      const fours = tile.depth * (pixels + 4 * quads) + pixels;
      expect(fours * 16).toBeLessThanOrEqual(16384);
      expect(innerQuads % tile.depth).toBe(0);
    }
  }
});
