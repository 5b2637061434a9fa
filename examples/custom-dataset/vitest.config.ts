import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "custom-dataset",
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
  },
});
