import { defineConfig } from "vitest/config";

// Looks at the built site; .ci/check-site runs it.
const json = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    name: "built site",
    include: ["test/built/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    reporters: json ? ["default", ["json", { outputFile: json }]] : ["default"],
  },
});
