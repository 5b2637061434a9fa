import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "torture",
    include: ["test/**/*.test.ts"],
  },
});
