// `npm run rehearse`: a release, from changesets to a project that trains, in a copy of the sources and with a registry on this
// machine. The commands are those of .github/workflows; what they cannot do here is provenance.

import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "../consumers/src/commands.js";
import { makeProject } from "../consumers/src/project.js";
import { startRegistry } from "../consumers/src/registry.js";
import { copySources } from "./src/copy.js";
import { missingAddresses, publicPackages } from "./src/packages.js";
import { downloadReleased } from "./src/released.js";
import { faultsOf } from "./src/tarball.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "bn-only-rehearsal-"));
const copy = join(folder, "sources");
const started = performance.now();
let faults = 0;
let registry;

function say(text) {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${String(seconds).padStart(4)} s  ${text}`);
}

function check(fits, text) {
  if (!fits) faults++;
  say(`${fits ? "" : "FAULT: "}${text}`);
}

try {
  registry = await startRegistry(folder);
  const env = { "npm_config_@bn-only:registry": registry.address };
  await copySources(root, copy);
  await execute("npm", ["ci", "--silent", "--no-audit", "--no-fund"], { cwd: copy });
  say("the sources are copied, and their dependencies installed");

  const before = await publicPackages(copy);
  await execute("npm", ["run", "--silent", "version"], { cwd: copy });
  const after = await publicPackages(copy);
  const versions = new Map(after.map(({ manifest: { name, version } }) => [name, version]));
  check(new Set(versions.values()).size === 1, `versions: ${[...new Set(versions.values())]}`);
  check(before.length === after.length, `${after.length} packages`);
  const left = (await readdir(join(copy, ".changeset"))).filter((file) => file.endsWith(".md"));
  check(left.length === 0, `changesets that are left: ${left.join(", ") || "none"}`);

  for (const { folder: cwd } of after) {
    await execute("npm", ["pkg", "set", "publishConfig.provenance=false", "--json"], { cwd });
  }
  await execute("sh", ["-c", `printf '%s' '${registry.rc}' >> .npmrc`], { cwd: copy });
  await execute("npm", ["run", "--silent", "release"], { cwd: copy, env, timeout: 600_000 });
  say("built and published");

  for (const tarball of await downloadReleased([...versions.keys()], { folder, ...registry })) {
    const { name, version } = tarball.manifest;
    const found = faultsOf(tarball, versions);
    check(found.length === 0, [`${name} ${version}`, ...found].join("; "));
  }

  const project = await makeProject({ folder, ...registry }, "project", [...versions.keys()]);
  await execute("npm", ["ls", "--all"], { cwd: project });
  const output = await execute("node", ["program.mjs"], { cwd: project });
  const { accuracy, hash, description } = JSON.parse(output);
  say(`trained in a new project: accuracy ${accuracy}, model ${hash}, ${description}`);
  const run = ["bn-only", "train", "cifar-resnet-8", "--dataset", "synthetic"];
  const small = ["--epochs", "1", "--train-size", "128", "--test-size", "64", "--out", "run"];
  await execute("npx", [...run, ...small], { cwd: project });
  check(existsSync(join(project, "run/model.safetensors")), "bn-only train wrote a model");

  const sbom = join(folder, "sbom.json");
  await execute("node", ["tools/release/sbom.js", sbom], { cwd: copy, env });
  say("the list of what a release depends on can be made");

  const incomplete = missingAddresses(after);
  if (incomplete.length > 0) {
    say(`REMEMBER: ${incomplete[0].missing.join(", ")} are in no package.json, and npm refuses`);
    say(`provenance without a repository; docs/releasing.md says where they go`);
  }
} finally {
  registry?.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(faults === 0 ? "the release can be made" : `${faults} faults`);
if (faults > 0) process.exitCode = 1;
