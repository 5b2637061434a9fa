import { defineConfig } from "vitest/config";

const json = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    // The default leaves a core idle, which is half of a machine of two.
    maxWorkers: "100%",
    projects: [
      "packages/*",
      "examples/*",
      "bench",
      "site",
      "tools/consumers",
      "tools/errors",
      "tools/fuzz",
      "tools/release",
      "tools/results",
      "tools/torture",
    ],
    reporters: json ? ["default", ["json", { outputFile: json }]] : ["default"],
  },
});
