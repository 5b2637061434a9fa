import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
const benches = Object.entries(scripts).flatMap(([name, script]): [string, string][] => {
  const file = /^node (dist\/\w+\.js)$/.exec(script)?.[1];
  return file === undefined ? [] : [[name, fileURLToPath(new URL(`../${file}`, import.meta.url))]];
});

async function run(file: string, ...args: string[]): Promise<[unknown, string, string]> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...args]);
    return [0, stdout, stderr];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    return [code, stdout, stderr];
  }
}

describe.each(benches)("npm run bench:%s", (name, file) => {
  test("--help", async () => {
    const [code, out, err] = await run(file, "--help");
    expect([code, err]).toEqual([0, ""]);
    expect(out.startsWith(`Usage: npm run bench:${name} -- [options]\n`), out).toBe(true);
  });

  test("an option that there is not: one line", async () => {
    const [code, out, err] = await run(file, "--frob");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^error: Unknown option '--frob'\. There (are|is only) [^\n]*--help\.\n$/);
  });
});

test("what a bench cannot do: one line", async () => {
  const file = fileURLToPath(new URL("../dist/steady.js", import.meta.url));
  for (const [args, message] of [
    [["--steps", "1.5"], '--steps must be a whole number from 1, got "1.5"'],
    [["--backend", "frob"], 'backend: "frob" does not exist.'],
    [["--condition", "frob"], 'there is no condition "frob"'],
  ] as const) {
    const [code, out, err] = await run(file, ...args);
    expect([code === 0, out]).toEqual([false, ""]);
    expect(err.startsWith(`error: ${message}`), err).toBe(true);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  }
});
