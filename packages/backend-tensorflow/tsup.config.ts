import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", install: "src/install/index.ts" },
  format: ["esm"],
  target: "node20",
  dts: false,
  removeNodeProtocol: false,
  noExternal: ["@bn-only/errors", "@bn-only/files"],
  sourcemap: true,
  // The sources are in the package.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  clean: true,
});
