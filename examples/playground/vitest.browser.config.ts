import { defineConfig } from "vitest/config";

// Drives the built page in Chromium and Firefox; .ci/check-playground runs it.
const json = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    name: "playground in a browser",
    include: ["test/browser/*.test.ts"],
    globalSetup: "test/browser/global-setup.ts",
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    expect: { poll: { timeout: 60_000 } },
    reporters: json ? ["default", ["json", { outputFile: json }]] : ["default"],
  },
});
