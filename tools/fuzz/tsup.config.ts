import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["tools/fuzz/src/main.ts", "tools/fuzz/src/worker.ts"],
  outDir: "tools/fuzz/dist",
  tsconfig: "tools/fuzz/tsconfig.json",
  format: ["esm"],
  target: "node20",
  splitting: true,
  external: [/^@tensorflow\//, "commander", "fast-png", "jpeg-js", "modern-tar"],
  noExternal: [/^@bn-only\//, "js-yaml"],
  clean: true,
  sourcemap: true,
  esbuildOptions(options) {
    options.conditions = ["@bn-only/source"];
  },
});
