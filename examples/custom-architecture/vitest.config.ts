import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "custom-architecture",
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
  },
});
