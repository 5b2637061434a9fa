// What others' linters say of the tarballs: publint, and arethetypeswrong for packages of ES modules.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "./src/commands.js";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "bn-only-packages-"));
let faults = 0;
try {
  const tools = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];
  await execute("npm", ["install", "--silent", "--no-save", "--prefix", folder, ...tools]);
  const bin = (name) => join(folder, "node_modules/.bin", name);
  for (const name of await readdir(packages)) {
    const cwd = join(packages, name);
    await execute("npm", ["pack", "--silent", "--pack-destination", folder], { cwd });
  }
  for (const tarball of (await readdir(folder)).filter((file) => file.endsWith(".tgz"))) {
    const file = join(folder, tarball);
    // The command exports nothing that has types, and binaries have none.
    const untyped = ["--exclude-entrypoints", "./kernels/*"];
    const checks = [
      [bin("publint"), ["run", file, "--strict"]],
      ...(tarball.includes("-cli-")
        ? []
        : [[bin("attw"), [file, "--profile", "esm-only", "--format", "ascii", ...untyped]]]),
    ];
    for (const [command, args] of checks) {
      try {
        await execute(command, args);
        console.log(`${tarball}: ${command.split("/").at(-1)} finds nothing`);
      } catch (error) {
        faults++;
        console.log(error.message);
      }
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (faults > 0) process.exitCode = 1;
