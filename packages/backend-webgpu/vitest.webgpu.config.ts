import { defineConfig } from "vitest/config";

/** The tests that need a WebGPU adapter: a GPU, or SwiftShader by `VK_ICD_FILENAMES`. */
export default defineConfig({
  resolve: { conditions: ["@bn-only/source"] },
  ssr: { resolve: { conditions: ["@bn-only/source"] } },
  test: {
    name: "backend-webgpu on an adapter",
    include: [
      "test/webgpu/*.ts",
      "../backends/test/webgpu/*.ts",
      "../cli/test/webgpu/*.ts",
      "../bn-only-trainer/test/goldens.test.ts",
      "../bn-only-trainer/test/not-finite.test.ts",
      "../bn-only-trainer/test/webgpu/*.ts",
    ],
    env: { BN_ONLY_TEST_BACKENDS: "webgpu" },
    // One after the other: SwiftShader compiles shaders, which takes most of the time, on one core.
    fileParallelism: false,
    reporters: process.env["VITEST_JSON"]
      ? ["default", ["json", { outputFile: process.env["VITEST_JSON"] }]]
      : ["default"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
