import { defineConfig } from "vite";
import { localCifar10 } from "./server/local-cifar10.ts";
import { onlyOwnOrigin } from "./server/only-own-origin.ts";

// The page may share memory with threads only where it is isolated from other origins.
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  // Works below any path, such as a project's page on GitHub.
  base: "./",
  server: { headers, port: 5173 },
  preview: { headers, port: 4173 },
  plugins: [localCifar10(), onlyOwnOrigin()],
  worker: { format: "es" },
  build: { target: "es2023", modulePreload: { polyfill: false }, reportCompressedSize: false },
});
