import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/peers/node.ts", "src/peers/browser.ts"],
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
