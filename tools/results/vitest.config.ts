import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@bn-only/source"] },
  ssr: { resolve: { conditions: ["@bn-only/source"] } },
  test: {
    name: "results",
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
