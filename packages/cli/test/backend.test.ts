import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { run } from "./support/io.ts";

// What is installed, and how: packages/backend-tensorflow/test/install.

const install = (args: readonly string[], env: Record<string, string>) =>
  run(["backend", "install", "tensorflow", ...args], { env });

test("backend install: what is missing is one line, and exit code 1", async () => {
  const folder = await temporaryFolder();
  const { code, err } = await install([], { PATH: folder, BN_ONLY_BACKENDS: folder });
  expect(code).toBe(1);
  expect(err).toMatch(/^error: there is no "python3", whose pip finds TensorFlow\. .+\n$/);
});

test("backend install --remove: removes what is there, and says so when nothing is", async () => {
  const backends = await temporaryFolder();
  const folder = join(backends, "tensorflow-cpu");
  await mkdir(folder);
  await writeFile(join(folder, "installation.json"), "{}");
  const env = { BN_ONLY_BACKENDS: backends };
  expect((await install(["--remove"], env)).out).toBe(`removed ${folder}\n`);
  expect(await readdir(backends)).toEqual([]);
  expect((await install(["--remove"], env)).out).toBe(`nothing was installed in ${folder}\n`);
});

test("backend install: an option that does not exist is a usage error", async () => {
  const { code, err } = await install(["--remove", "--cdua"], {});
  expect(code).toBe(2);
  expect(err).toContain("--cdua");
});
