import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", adapter: "src/device/adapter.ts" },
  format: ["esm"],
  target: "node20",
  dts: false,
  noExternal: ["@bn-only/errors"],
  sourcemap: true,
  clean: true,
});
