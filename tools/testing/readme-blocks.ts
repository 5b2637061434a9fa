import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { codeBlocks } from "./code-blocks.ts";

/**
 * Makes a test of every `ts` block of a README, which runs it as a module of the package.
 *
 * @param testUrl `import.meta.url` of a test in `packages/<name>/test`
 */
export async function testReadmeBlocks(testUrl: string): Promise<void> {
  const readme = await readFile(new URL("../README.md", testUrl), "utf8");
  const blocks = codeBlocks(readme).filter(({ language }) => language === "ts");
  test("the README has code blocks", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });
  await testModules(
    testUrl,
    "README",
    blocks.map(({ code }) => code),
  );
}

/** Makes a test of each text, which runs it as a module in `test/.readme/<name>` next to the calling test. */
export async function testModules(
  testUrl: string,
  name: string,
  texts: readonly string[],
): Promise<void> {
  const folder = await emptyFolder(testUrl, name);
  test.each(texts.map((code, i) => [i + 1, code] as const))(
    `${name}, block %d runs`,
    async (i, code) => {
      const file = new URL(`block-${i}.ts`, folder);
      await writeFile(file, code);
      await expect(importFile(file)).resolves.toBeDefined();
    },
  );
}

/** Runs a text that registers tests, while tests are collected. */
export async function registerTests(testUrl: string, name: string, code: string): Promise<void> {
  const file = new URL("block.ts", await emptyFolder(testUrl, name));
  await writeFile(file, code);
  await importFile(file);
}

async function emptyFolder(testUrl: string, name: string): Promise<URL> {
  const folder = new URL(`.readme/${name}/`, testUrl);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

const importFile = (file: URL): Promise<unknown> =>
  import(/* @vite-ignore */ pathToFileURL(fileURLToPath(file)).href);
