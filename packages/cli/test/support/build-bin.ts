import { fileURLToPath } from "node:url";
import { build } from "tsup";

/** Bundles the command from the sources of all packages, so that tests need no build before them. */
export async function setup(): Promise<void> {
  await build({
    config: false,
    silent: true,
    entry: [fileURLToPath(new URL("../../src/bin.ts", import.meta.url))],
    outDir: fileURLToPath(new URL("../../.bin", import.meta.url)),
    format: ["esm"],
    target: "node20",
    noExternal: [/^@bn-only\//],
    esbuildOptions(options) {
      options.conditions = ["@bn-only/source"];
    },
  });
}
