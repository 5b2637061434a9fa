import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type CodeBlock, codeBlocks } from "@bn-only/testing/code-blocks";
import { expandIncludes, repository } from "../../markdown/include.ts";

const site = fileURLToPath(new URL("../..", import.meta.url));

export interface Page {
  readonly name: string;
  /** Blocks that stand in the page itself. */
  readonly own: readonly CodeBlock[];
  /** Those of included texts, of which the tests of that package run no language of these. */
  readonly included: readonly CodeBlock[];
}

export function hasTests({ code }: CodeBlock): boolean {
  return code.includes('from "vitest"');
}

/** All pages but those that are made at build. */
export const pages: readonly Page[] = readdirSync(site)
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .sort()
  .map((file) => {
    const text = readFileSync(join(site, file), "utf8");
    return {
      name: file,
      own: codeBlocks(text),
      included: blocksOfIncludes(text, join(site, file)),
    };
  });

function blocksOfIncludes(text: string, page: string): CodeBlock[] {
  const lines = text.split("\n").filter((line) => line.startsWith("<!--@include"));
  return lines.flatMap((line) => {
    const { text: expanded, files } = expandIncludes(line, page);
    const tested = languagesOf(files[0]!);
    // Tests in a README are of what the block before them defines.
    return codeBlocks(expanded)
      .map((block, i, all) =>
        hasTests(block) ? { ...block, code: `${all[i - 1]?.code}\n${block.code}` } : block,
      )
      .filter(({ language }) => !tested.has(language));
  });
}

/** Languages of a README whose blocks `test/readme.test.ts` of its package runs. */
function languagesOf(file: string): ReadonlySet<string> {
  const test = join(dirname(file), "test/readme.test.ts");
  if (!/^packages\/[^/]+\/README\.md$/.test(relative(repository, file))) return new Set();
  if (!existsSync(test)) return new Set();
  return new Set(
    readFileSync(test, "utf8").includes("testShellBlocks") ? ["sh", "console"] : ["ts"],
  );
}
