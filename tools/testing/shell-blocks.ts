import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * Makes a test of every `sh` block of a README that calls `command`. The blocks run in order in one
 * empty folder, where `command` is `script` under this Node.
 *
 * @param testUrl `import.meta.url` of a test in `packages/<name>/test`
 */
export async function testShellBlocks(
  testUrl: string,
  { command, script }: { readonly command: string; readonly script: string },
): Promise<void> {
  const readme = await readFile(new URL("../README.md", testUrl), "utf8");
  const calls = new RegExp(`^${command} `, "m");
  const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)]
    .map(([, code]) => code!)
    .filter((code) => calls.test(code));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bn-only-readme-"));
    const shim = join(folder, "bin", command);
    await mkdir(join(folder, "bin"));
    await mkdir(join(folder, "work"));
    await writeFile(shim, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
    await chmod(shim, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("the README has shell blocks", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });
  test.each(blocks.map((code, i) => [i + 1, code] as const))(
    "README, shell block %d runs",
    async (_, code) => {
      const PATH = `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`;
      // `BN_ONLY_OFFLINE`: a block that needs a network must fail.
      const env = { ...process.env, PATH, BN_ONLY_OFFLINE: "1" };
      const run = promisify(execFile)("sh", ["-euc", code], { cwd: join(folder, "work"), env });
      await expect(run).resolves.toMatchObject({ stderr: "" });
    },
  );
}
