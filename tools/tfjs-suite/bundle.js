import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const tests = join(
  dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json")),
  "dist",
);

/** What a backend has a part in: ops, gradients, optimisers, tensors and variables. */
function testFiles() {
  const inside = (folder) =>
    readdirSync(join(tests, folder), { recursive: true })
      .filter((file) => file.endsWith("_test.js"))
      .map((file) => join(folder, file))
      .sort();
  return [
    ...inside("ops"),
    ...inside("optimizers"),
    "gradients_test.js",
    "tensor_test.js",
    "variable_test.js",
  ];
}

/**
 * One module of all tests that tfjs-core publishes compiled: Node cannot import them as they lie there.
 *
 * @returns its path
 */
export async function bundleTests() {
  mkdirSync(join(here, "dist"), { recursive: true });
  const folder = mkdtempSync(join(here, "dist", "run-"));
  const entry = join(folder, "entry.js");
  const imports = testFiles().map((file) => `await import(${JSON.stringify(join(tests, file))});`);
  const setup = JSON.stringify(join(here, "setup.js"));
  writeFileSync(entry, [`await import(${setup});`, ...imports].join("\n"));
  const outfile = join(folder, "suite.mjs");
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
    mainFields: ["module", "main"],
    external: ["jasmine-core", "@bn-only/backend-tensorflow", "@bn-only/backend-wasm"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return { folder, outfile };
}
