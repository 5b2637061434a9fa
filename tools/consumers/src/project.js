import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "./commands.js";

const app = fileURLToPath(new URL("../app/", import.meta.url));

/** What a README tells a user to install, and no more. */
export const ours = ["@bn-only/trainer", "@bn-only/resnet-zoo", "@bn-only/datasets"];

/**
 * A user's project: the program, our packages from the registry, and tools.
 *
 * @param {string[]} tools for `npm install`
 */
export async function makeProject(setting, name, tools, extra = {}) {
  const project = await makeFolder(setting, name, extra);
  await execute("npm", ["install", "--silent", "--no-audit", "--no-fund", ...ours, ...tools], {
    cwd: project,
  });
  return project;
}

/** The same with nothing installed. */
export async function makeFolder({ folder, rc }, name, extra = {}) {
  const project = join(folder, name);
  await mkdir(project, { recursive: true });
  await cp(app, project, { recursive: true });
  await writeFile(join(project, ".npmrc"), rc);
  const manifest = { private: true, type: "module", ...extra };
  await writeFile(join(project, "package.json"), JSON.stringify(manifest));
  return project;
}

/** The version that was installed. */
export async function versionOf(project, name) {
  const file = join(project, "node_modules", name, "package.json");
  return JSON.parse(await readFile(file, "utf8")).version;
}
