import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/bin.ts", "src/main.ts"],
  format: ["esm"],
  target: "node20",
  dts: false,
  removeNodeProtocol: false,
  noExternal: ["@bn-only/errors", "@bn-only/files"],
  sourcemap: true,
  // The sources are in the package.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  clean: true,
  metafile: true,
  onSuccess: async () => {
    writeLicenses();
    // Nobody debugs other people's code here; the maps are larger than all else together.
    for (const name of readdirSync("dist").filter((file) =>
      /^(?:vega|js-yaml|metafile).*\.(?:map|json)$/.test(file),
    )) {
      rmSync(join("dist", name));
    }
  },
});

/** The licences of the packages whose code is in the bundle. */
function writeLicenses(): void {
  const { inputs } = JSON.parse(readFileSync("dist/metafile-esm.json", "utf8")) as {
    inputs: object;
  };
  const folders = new Set(
    Object.keys(inputs).flatMap(
      (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as Record<string, string>;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version}, ${license}\n\n${file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : ""}`;
  });
  writeFileSync("dist/third-party-licenses.txt", texts.join(`\n${"-".repeat(80)}\n\n`));
}
