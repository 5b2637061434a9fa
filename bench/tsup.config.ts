import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/tape.ts", "src/pytorch.ts"],
  format: ["esm"],
  target: "node20",
  dts: false,
  clean: true,
});
