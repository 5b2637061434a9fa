import { defineConfig } from "vitest/config";

const json = process.env["VITEST_JSON"];

export default defineConfig({
  test: {
    projects: ["packages/*", "examples/*", "tools/errors", "tools/results", "tools/torture"],
    reporters: json ? ["default", ["json", { outputFile: json }]] : ["default"],
  },
});
