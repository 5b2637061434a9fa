import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CodeBlock, codeBlocks } from "./code-blocks.ts";

/** `command` is `script` under this Node. */
interface ShellCommand {
  readonly command: string;
  readonly script: string;
}

/**
 * Makes a test of every `sh` block of a README that calls `command`. The blocks run in order in one
 * empty folder.
 *
 * @param testUrl `import.meta.url` of a test in `packages/<name>/test`
 */
export async function testShellBlocks(testUrl: string, called: ShellCommand): Promise<void> {
  const readme = await readFile(new URL("../README.md", testUrl), "utf8");
  const texts = callsOf(called.command, codeBlocks(readme));
  test("the README has shell blocks", () => {
    expect(texts.length).toBeGreaterThan(0);
  });
  testShell("README", texts, called);
}

/** The `sh` blocks that call a command. */
export function callsOf(command: string, blocks: readonly CodeBlock[]): string[] {
  const calls = new RegExp(`^${command} `, "m");
  return blocks
    .filter(({ language, code }) => language === "sh" && calls.test(code))
    .map(({ code }) => code);
}

/** Makes a test of each text; they run in order in one empty folder. */
export function testShell(
  name: string,
  texts: readonly string[],
  { command, script }: ShellCommand,
): void {
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

  test.each(texts.map((code, i) => [i + 1, code] as const))(
    `${name}, shell block %d runs`,
    async (_, code) => {
      const PATH = `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`;
      // `BN_ONLY_OFFLINE`: a block that needs a network must fail.
      const env = { ...process.env, PATH, BN_ONLY_OFFLINE: "1" };
      const run = promisify(execFile)("sh", ["-euc", code], { cwd: join(folder, "work"), env });
      await expect(run).resolves.toMatchObject({ stderr: "" });
    },
  );
}
