import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The packages that are published, with their manifests. */
export async function publicPackages(root) {
  const folders = (await readdir(join(root, "packages"))).map((name) =>
    join(root, "packages", name),
  );
  const manifests = folders.map(async (folder) => ({
    folder,
    manifest: JSON.parse(await readFile(join(folder, "package.json"), "utf8")),
  }));
  return (await Promise.all(manifests)).filter(({ manifest }) => !manifest.private);
}

const addresses = ["repository", "homepage", "bugs"];

/** What stands in no manifest while the repository has no address; npm wants `repository` for provenance. */
export function missingAddresses(packages) {
  return packages.flatMap(({ manifest }) => {
    const missing = addresses.filter((field) => manifest[field] === undefined);
    return missing.length === 0 ? [] : [{ name: manifest.name, missing }];
  });
}
