import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "train-in-node",
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
  },
});
