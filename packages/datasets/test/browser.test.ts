import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";
import { expect, test } from "vitest";

/** What a bundler for pages makes of the built package, chunks and all. */
async function bundled(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../dist/index.js", import.meta.url))],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return metafile;
}

test("index.js as built: a page has nothing of Node in any chunk, and no npm client", async () => {
  const { outputs, inputs } = await bundled();
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  expect(imports.filter(({ external }) => external)).toEqual([]);
  const files = Object.keys(inputs).join("\n");
  expect(files).toContain("modern-tar");
  expect(files).not.toMatch(/\/(npm|cache|directory|scan|slice|proxy)-|jpeg-js|node\/parts/);
});

test("index.js as built: no module of Node and no decoder before it is needed", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../dist/index.js", import.meta.url))],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    outdir: "unused",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const chunks = Object.entries(metafile.outputs);
  const [entry] = chunks.find(([file]) => file.endsWith("index.js"))!;
  const now = new Set<string>();
  const visit = (file: string): void => {
    if (now.has(file)) return;
    now.add(file);
    for (const { path, kind, external } of metafile.outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && !external) visit(path);
      else if (kind === "import-statement") now.add(path);
    }
  };
  visit(entry);
  const names = [...now];
  expect(names.filter((name) => builtinModules.includes(name.replace(/^node:/, "")))).toEqual([]);
  const contents = names.flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
  expect(contents.join("\n")).not.toMatch(/jpeg-js|png-/);
});
