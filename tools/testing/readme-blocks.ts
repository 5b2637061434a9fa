import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

/**
 * Makes a test of every `ts` block of a README, which runs it as a module of the package. The blocks
 * are written into `test/.readme` next to the calling test.
 *
 * @param testUrl `import.meta.url` of a test in `packages/<name>/test`
 */
export async function testReadmeBlocks(testUrl: string): Promise<void> {
  const readme = await readFile(new URL("../README.md", testUrl), "utf8");
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  const folder = new URL(".readme/", testUrl);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);

  test("the README has code blocks", () => {
    expect(blocks.length).toBeGreaterThan(0);
  });
  test.each(blocks.map((code, i) => [i + 1, code] as const))(
    "README, block %d runs",
    async (i, code) => {
      const file = new URL(`block-${i}.ts`, folder);
      await writeFile(file, code);
      await expect(
        import(/* @vite-ignore */ pathToFileURL(fileURLToPath(file)).href),
      ).resolves.toBeDefined();
    },
  );
}
