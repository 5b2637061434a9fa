import { satisfies } from "semver";

/** What every package brings along. */
const files = ["LICENSE", "README.md", "CHANGELOG.md", "package.json"];

/**
 * What is wrong with a package as the registry hands it out.
 *
 * @param {{ paths: string[], manifest: object, changelog: string }} tarball
 * @param {Map<string, string>} versions of all packages of the release
 * @returns {string[]} one line for each fault
 */
export function faultsOf({ paths, manifest, changelog }, versions) {
  const { name, version } = manifest;
  const faults = files
    .filter((file) => !paths.includes(file))
    .map((file) => `expected ${file}, and it is not there`);
  const [, newest] = /^## (\S+)$/m.exec(changelog) ?? [];
  if (paths.includes("CHANGELOG.md") && newest !== version) {
    faults.push(`expected a CHANGELOG.md that begins with ${version}, got ${newest}`);
  }
  if (version !== versions.get(name)) {
    faults.push(`expected version ${versions.get(name)}, got ${version}`);
  }
  const ranges = { ...manifest.peerDependencies, ...manifest.dependencies };
  for (const [dependency, range] of Object.entries(ranges)) {
    const present = versions.get(dependency);
    if (present !== undefined && !satisfies(present, range)) {
      faults.push(`expected a range for ${dependency} that has ${present}, got ${range}`);
    }
  }
  return faults;
}
