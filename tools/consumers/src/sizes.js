import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const app = fileURLToPath(new URL("../app/", import.meta.url));

/** Optional packages that a project has only if it wants them. */
const external = [
  /^@bn-only\/backend-(?:tensorflow|webgpu)/,
  /^@tensorflow\/tfjs-backend-(?:wasm|webgpu)/,
];

/** What is imported by `import()` and fetched by every page that trains: the backend, and one of its six binaries. */
const fetched = /backend-wasm\/dist\/(?:index|simd-shared-\w+)\.js$/;

/**
 * Builds the smallest page that trains, and its worker, with Vite.
 *
 * @returns {Promise<{ page: number, worker: number }>} bytes after gzip of the scripts that each fetches to train
 */
export async function sizesOfSmallestPage() {
  const sizes = {};
  const measure = (part) => ({
    name: "measure",
    generateBundle: (_options, bundle) => void (sizes[part] = downloadOf(bundle)),
  });
  await build({
    root: app,
    configFile: false,
    logLevel: "error",
    plugins: [measure("page")],
    worker: { format: "es", plugins: () => [measure("worker")], rolldownOptions: { external } },
    build: { write: false, rolldownOptions: { external } },
  });
  return sizes;
}

function downloadOf(bundle) {
  const chunks = Object.values(bundle).filter(({ type }) => type === "chunk");
  const reached = new Set();
  const reach = (chunk) => {
    if (chunk === undefined || reached.has(chunk)) return;
    reached.add(chunk);
    for (const file of chunk.imports) reach(bundle[file]);
  };
  for (const chunk of chunks) {
    if (chunk.isEntry || chunk.moduleIds.some((id) => fetched.test(id))) reach(chunk);
  }
  return [...reached].reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}
