import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", testing: "src/testing/test-architecture.ts" },
  format: ["esm"],
  target: "node20",
  dts: false,
  removeNodeProtocol: false,
  noExternal: ["@bn-only/errors"],
  sourcemap: true,
  // The sources are in the package.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  clean: true,
});
