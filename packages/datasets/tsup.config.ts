import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "image-worker": "src/image-worker.ts",
    "node/parts": "src/node/parts.ts",
    "node/no-parts": "src/node/no-parts.ts",
    testing: "src/testing/test-dataset.ts",
  },
  format: ["esm"],
  target: "node20",
  dts: false,
  external: ["#node"],
  removeNodeProtocol: false,
  noExternal: ["@bn-only/errors", "@bn-only/files"],
  sourcemap: true,
  // The sources are in the package.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  clean: true,
});
