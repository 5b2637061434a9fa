// `node tools/release/sbom.js <file>`: what a project gets that installs every package, resolved from the registry, as CycloneDX.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../consumers/src/commands.js";
import { publicPackages } from "./src/packages.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const packages = await publicPackages(root);
const folder = await mkdtemp(join(tmpdir(), "bn-only-sbom-"));
try {
  const dependencies = Object.fromEntries(
    packages.map(({ manifest: { name, version } }) => [name, version]),
  );
  const manifest = { name: "bn-only", version: packages[0].manifest.version, dependencies };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const args = ["--package-lock-only", "--no-audit", "--no-fund"];
  await execute("npm", ["install", "--silent", ...args], { cwd: folder });
  const format = ["--sbom-format", "cyclonedx", "--sbom-type", "library"];
  const sbom = await execute("npm", ["sbom", "--package-lock-only", ...format], { cwd: folder });
  await writeFile(process.argv[2], sbom);
  console.log(`${process.argv[2]}: ${JSON.parse(sbom).components.length} packages`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
