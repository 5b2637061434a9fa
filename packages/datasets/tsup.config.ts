import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/image-worker.ts", "src/node/parts.ts", "src/node/no-parts.ts"],
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
