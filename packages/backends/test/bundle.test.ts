import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";

const folder = await mkdtemp(join(tmpdir(), "bn-only-bundle-"));
afterAll(() => rm(folder, { recursive: true }));

/** As where none of the optional peers is installed. */
const withoutPeers = Object.fromEntries(
  ["@bn-only/backend-wasm", "@bn-only/backend-webgpu", "@tensorflow/tfjs-backend-cpu"].map(
    (peer) => [peer, "not-installed"],
  ),
);

const bundle = (alias: Record<string, string>) =>
  build({
    entryPoints: [fileURLToPath(new URL("../src/index.ts", import.meta.url))],
    conditions: ["@bn-only/source"],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    logLevel: "silent",
    alias,
  });

test("browsers: backends are chunks of their own, those of Node none, and nothing imports a module of Node", async () => {
  const { metafile } = await bundle({});
  const inputs = (file: string) => Object.keys(metafile.outputs[file]!.inputs).join("\n");
  const entry = Object.keys(metafile.outputs).find((file) => file.endsWith("index.js"))!;
  expect(inputs(entry)).toContain("use-backend.ts");
  expect(inputs(entry)).not.toMatch(/backend-(tensorflow|wasm|webgpu|cpu)\//);
  const all = Object.keys(metafile.inputs).join("\n");
  expect(all).toContain("backend-webgpu/src/register.ts");
  expect(all).not.toMatch(/backend-tensorflow\/|tfjs-backend-wasm\//);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(imports.filter(({ external }) => external)).toEqual([]);
});

test("what is not installed does not keep a bundler from building", async () => {
  const { metafile } = await bundle(withoutPeers);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const left = imports
    .filter(({ external }) => external)
    .map(({ path }) => path.replace(/\/adapter$/, ""));
  expect(new Set(left)).toEqual(new Set(Object.keys(withoutPeers)));
});
