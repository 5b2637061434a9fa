import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["tools/results/src/main.ts"],
  outDir: "tools/results/dist",
  tsconfig: "tools/results/tsconfig.json",
  format: ["esm"],
  target: "node20",
  external: [/^@tensorflow\//, "commander", "fast-png", "jpeg-js", "modern-tar", "vega"],
  noExternal: [/^@bn-only\//],
  clean: true,
  sourcemap: true,
  esbuildOptions(options) {
    options.conditions = ["@bn-only/source"];
  },
});
