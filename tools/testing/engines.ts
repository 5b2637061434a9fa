import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { launch } from "puppeteer-core";

/** Something that runs JavaScript. */
export interface Engine {
  readonly name: string;
  /** Why this machine does not have it. */
  readonly missing: string | undefined;
  /** Runs a program of `bundleProgram` and returns what its `report()` returns. */
  run(program: string): Promise<string>;
}

/** `<folder>/node` of other versions, joined by `:`. */
export const otherNodes: readonly string[] = (process.env["BN_ONLY_NODES"] ?? "")
  .split(":")
  .filter((path) => path !== "");

/** What is set in `BN_ONLY_NODES` by `.ci/run`. */
export const noOtherNodes = "BN_ONLY_NODES names no other Node";

/** The same of versions below the minimum. */
export const oldNodes: readonly string[] = (process.env["BN_ONLY_OLD_NODES"] ?? "")
  .split(":")
  .filter((path) => path !== "");

export const noOldNodes = "BN_ONLY_OLD_NODES names no Node below the minimum";

export const chromium = "/usr/bin/chromium";
export const firefox = "/usr/bin/firefox-esr";
const jsc = ["/usr/bin/jsc", "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/jsc"].find(existsSync);

/** V8 in every Node that is there and in Chromium, SpiderMonkey in Firefox, JavaScriptCore as Debian has it. */
export const engines: readonly Engine[] = [
  shell("this Node", [process.execPath], undefined),
  ...(otherNodes.length > 0
    ? otherNodes.map((node) => shell(`Node of ${node}`, [node], absent(node)))
    : [shell("other Nodes", [], noOtherNodes)]),
  browser("Chromium", "chrome", chromium),
  browser("Firefox", "firefox", firefox),
  shell("JavaScriptCore", [jsc ?? ""], jsc === undefined ? "there is no jsc" : undefined),
];

/** One script out of a module that exports `report(): string`. */
export async function bundleProgram(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "program",
    platform: "browser",
    logLevel: "error",
  });
  return outputFiles[0]!.text;
}

/** JavaScriptCore's shell has neither a console of Node's kind nor a TextEncoder. */
const shims = `
globalThis.TextEncoder ??= class {
  encode(text) {
    return Uint8Array.from(unescape(encodeURIComponent(text)), (character) => character.charCodeAt(0));
  }
};
`;

function shell(name: string, command: readonly string[], missing: string | undefined): Engine {
  return {
    name,
    missing,
    async run(program) {
      const folder = await mkdtemp(join(tmpdir(), "bn-only-engine-"));
      try {
        const file = join(folder, "program.cjs");
        const print = `(globalThis.print ?? console.log)(program.report());`;
        await writeFile(file, `${shims}${program}\n${print}\n`);
        const [executable, ...args] = [...command, file];
        const { stdout } = await promisify(execFile)(executable!, args);
        return stdout.trim();
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

function browser(name: string, kind: "chrome" | "firefox", executablePath: string): Engine {
  return {
    name,
    missing: absent(executablePath),
    async run(program) {
      const args = kind === "chrome" ? ["--no-sandbox", "--disable-background-networking"] : [];
      const running = await launch({ browser: kind, executablePath, args, headless: true });
      try {
        const page = await running.newPage();
        return (await page.evaluate(
          `(() => { ${program}; return program.report(); })()`,
        )) as string;
      } finally {
        await running.close();
      }
    },
  };
}

function absent(file: string): string | undefined {
  return existsSync(file) ? undefined : `there is no ${file}`;
}
