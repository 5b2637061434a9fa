import { registerTests, testModules } from "@bn-only/testing/readme-blocks";
import { callsOf, testShell } from "@bn-only/testing/shell-blocks";
import { useBackend } from "@bn-only/trainer";
import { afterAll, describe, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin, faultsOf } from "./support/commands.ts";
import { hasTests, pages } from "./support/pages.ts";

// Every block of every page: modules run, files of tests register theirs, commands run or are looked up. Those of
// a page in a browser run in browser.test.ts.

/** What programs write, they write here. */
const [before, folder] = [process.cwd(), await mkdtemp(join(tmpdir(), "bn-only-site-"))];
process.chdir(folder);
await useBackend("wasm", { threads: 1 });
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

const isProgram = (language: string): boolean => language === "ts" || language === "js";
const isOfPage = (code: string): boolean => /^\/\/ (page|worker)\.js\n/.test(code);
/** Not programs: headers, the output of a command, texts to look at. */
const notRun = new Set(["http", "console", "text", "jsonl", "json", "yaml"]);

for (const { name, own, included } of pages) {
  const blocks = [...own, ...included];
  const programs = blocks.filter(({ language, code }) => isProgram(language) && !isOfPage(code));
  describe(`${name}`, async () => {
    await testModules(
      import.meta.url,
      name,
      programs.filter((block) => !hasTests(block)).map(({ code }) => code),
    );
    for (const [i, { code }] of programs.filter(hasTests).entries()) {
      await registerTests(import.meta.url, `${name}-tests-${i + 1}`, code);
    }
    const shell = callsOf("bn-only", own);
    if (shell.length > 0) testShell(name, shell, { command: "bn-only", script: bin });
    const looked = blocks.filter(
      ({ language, code }) => language === "sh" && !shell.includes(code),
    );
    test.each(looked.map(({ code }, i) => [i + 1, code] as const))(
      `${name}: what the commands of block %d name is there`,
      (_, code) => expect(faultsOf(code)).toEqual([]),
    );
    test(`${name}: every block is of a kind that is run or need not be`, () => {
      const languages = new Set(blocks.map(({ language }) => language));
      const known = new Set(["ts", "js", "sh", ...notRun]);
      expect([...languages].filter((language) => !known.has(language))).toEqual([]);
    });
  });
}
