import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/data.ts",
    "src/convolutions.ts",
    "src/depthwise.ts",
    "src/errors.ts",
    "src/init.ts",
    "src/large.ts",
    "src/layers.ts",
    "src/peer.ts",
    "src/peers.ts",
    "src/pytorch.ts",
    "src/scaling.ts",
    "src/steady.ts",
    "src/tape.ts",
    "src/webgpu.ts",
  ],
  format: ["esm"],
  target: "node20",
  dts: false,
  clean: true,
  external: ["@jax-js/jax", "onnxruntime-web", "webgpu"],
});
