import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, spawnBin, textOf } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { interrupted, train } from "./support/interrupted.ts";
import { run } from "./support/io.ts";

// A folder that somebody else made: nothing in it may run because a command was started there.

/** Everything that might be imported or executed leaves `ran`. */
async function hostileFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const mark = join(folder, "ran");
  const javascript = `require("node:fs").appendFileSync(${JSON.stringify(mark)}, "x"); throw new Error("ran");`;
  for (const name of ["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu", "@bn-only/trainer"]) {
    const inside = join(folder, "node_modules", name);
    await mkdir(inside, { recursive: true });
    await writeFile(join(inside, "package.json"), JSON.stringify({ name, main: "index.js" }));
    await writeFile(join(inside, "index.js"), javascript);
  }
  await writeFile(join(folder, "plugin.cjs"), javascript);
  for (const module of ["pip", "zipfile", "tarfile", "json", "site", "sitecustomize"]) {
    await writeFile(join(folder, `${module}.py`), `open(${JSON.stringify(mark)}, "a").write("x")`);
  }
  for (const program of ["python3", "npm", "g++", "nvidia-smi", "node"]) {
    await writeFile(join(folder, program), `#!/bin/sh\necho x >> ${mark}\n`);
    await chmod(join(folder, program), 0o755);
  }
  return folder;
}

const tinyBench = "--network cifar-resnet-8 --batch-size 2 --steps 1 --backend".split(" ");
const small = [...train.slice(1), "--epochs", "1", "--no-report"];

test.each([
  ["doctor"],
  ["bench", ...tinyBench, "auto"],
  ["bench", ...tinyBench, "tensorflow"],
  ["train", ...small, "--backend", "auto", "--out", "run"],
])("%s runs nothing of the folder that it is started in", async (...args) => {
  const cwd = await hostileFolder();
  const env = { ...process.env, BN_ONLY_BACKENDS: join(cwd, "none"), XDG_CACHE_HOME: cwd };
  const child = spawnBin(args, { cwd, env });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  await ended(child);
  expect((await out) + (await err)).not.toBe("");
  expect(existsSync(join(cwd, "ran")), (await out) + (await err)).toBe(false);
});

test("evaluate runs nothing of the folder that a model lies in", async () => {
  const cwd = await hostileFolder();
  const env = { ...process.env, BN_ONLY_BACKENDS: join(cwd, "none"), XDG_CACHE_HOME: cwd };
  await run(["train", ...small, "--out", join(cwd, "run")]);
  const child = spawnBin(["evaluate", "run/model.safetensors"], { cwd, env });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  expect(await ended(child), await err).toBe(0);
  expect(await out).toContain("test accuracy");
  expect(existsSync(join(cwd, "ran"))).toBe(false);
});

test("a tfjs-node of one's own runs if BN_ONLY_TFJS_NODE names it, and the line of another says so", async () => {
  const cwd = await hostileFolder();
  const env = { ...process.env, BN_ONLY_BACKENDS: join(cwd, "none") };
  const bench = ["bench", ...tinyBench, "tensorflow"];
  const without = spawnBin(bench, { cwd, env });
  expect(await textOf(without.stderr)).toContain(
    'run "bn-only backend install tensorflow", or name the folder of a tfjs-node of your own in BN_ONLY_TFJS_NODE',
  );
  const own = { ...env, BN_ONLY_TFJS_NODE: "node_modules/@tensorflow/tfjs-node" };
  const withIt = spawnBin(bench, { cwd, env: own });
  expect(await textOf(withIt.stderr)).toMatch(
    /your @tensorflow\/tfjs-node in .+ cannot be loaded \(ran\); repair it or unset BN_ONLY_TFJS_NODE/,
  );
  expect(existsSync(join(cwd, "ran"))).toBe(true);
});

const noPip = spawnSync("python3", ["-m", "pip", "--version"]).status !== 0;
test.skipIf(noPip)(
  `backend install runs no Python module of the folder that it is started in${noPip ? ", skipped: python3 has no pip" : ""}`,
  async () => {
    const cwd = await hostileFolder();
    const env = { ...process.env, BN_ONLY_BACKENDS: await temporaryFolder(), CXX: "no-such-c++" };
    const child = spawnBin(["backend", "install", "tensorflow", "--unverified"], { cwd, env });
    expect(await textOf(child.stderr)).toContain('there is no C++ compiler "no-such-c++"');
    expect(existsSync(join(cwd, "ran"))).toBe(false);
  },
);

test("a run folder that names plugins runs none of them", async () => {
  const cwd = await hostileFolder();
  const folder = join(cwd, "run");
  await interrupted(folder, 1);
  const file = join(folder, "run.json");
  const contents = JSON.parse(await readFile(file, "utf8")) as { options: object };
  const plugin = [join(cwd, "plugin.cjs"), "./plugin.cjs", "\u001b]0;x\u0007"];
  Object.assign(contents, { workingFolder: cwd });
  Object.assign(contents.options, { plugin });
  await writeFile(file, JSON.stringify(contents));
  const resumed = await run(["resume", folder]);
  expect(resumed.code).toBe(2);
  expect(resumed.err).toContain(
    `${folder} was begun with the plugin ${cwd}/plugin.cjs, ./plugin.cjs, \ufffd]0;x\ufffd`,
  );
  await run(["report", folder]);
  expect(existsSync(join(cwd, "ran"))).toBe(false);
});
