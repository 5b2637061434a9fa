import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    "peers/node": "src/peers/node.ts",
    "peers/browser": "src/peers/browser.ts",
    testing: "src/testing/test-backend.ts",
  },
  format: ["esm"],
  target: "node20",
  dts: false,
  removeNodeProtocol: false,
  external: ["#peers"],
  noExternal: ["@bn-only/errors", "@bn-only/files"],
  sourcemap: true,
  // The sources are in the package.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  clean: true,
});
