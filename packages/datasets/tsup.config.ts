import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/image-worker.ts"],
  format: ["esm"],
  target: "node20",
  dts: false,
  noExternal: ["@bn-only/errors", "@bn-only/files"],
  sourcemap: true,
  clean: true,
});
