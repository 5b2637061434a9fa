import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["tools/torture/src/main.ts", "tools/torture/src/worker.ts"],
  outDir: "tools/torture/dist",
  tsconfig: "tools/torture/tsconfig.json",
  format: ["esm"],
  target: "node20",
  splitting: true,
  clean: true,
  sourcemap: true,
});
