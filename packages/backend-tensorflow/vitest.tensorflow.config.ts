import { defineConfig } from "vitest/config";

/** The tests that need the native TensorFlow of `bn-only backend install tensorflow`. */
export default defineConfig({
  resolve: { conditions: ["@bn-only/source"] },
  ssr: { resolve: { conditions: ["@bn-only/source"] } },
  test: {
    name: "backend-tensorflow on TensorFlow",
    include: [
      "test/tensorflow/*.ts",
      "../backends/test/tensorflow/*.ts",
      "../bn-only-trainer/test/goldens.test.ts",
      "../bn-only-trainer/test/integers.test.ts",
      "../bn-only-trainer/test/tensorflow/*.ts",
    ],
    env: { BN_ONLY_TEST_BACKENDS: "tensorflow" },
    reporters: process.env["VITEST_JSON"]
      ? ["default", ["json", { outputFile: process.env["VITEST_JSON"] }]]
      : ["default"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
