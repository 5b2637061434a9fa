import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
// Where the packages are found that it imports.
const build = join(root, "node_modules", ".cache", `bn-only-fuzz-${process.pid}`);
let findings: string;

beforeAll(async () => {
  findings = await mkdtemp(join(tmpdir(), "bn-only-fuzz-test-"));
  const tsup = join(root, "node_modules", "tsup", "dist", "cli-default.js");
  const config = ["--config", "tools/fuzz/tsup.config.ts", "--out-dir", build];
  await run(process.execPath, [tsup, ...config, "--silent"], { cwd: root });
}, 120_000);

afterAll(() =>
  Promise.all([build, findings].map((folder) => rm(folder, { recursive: true, force: true }))),
);

interface End {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function fuzz(...args: readonly string[]): Promise<End> {
  try {
    const { stdout, stderr } = await run(process.execPath, [join(build, "main.js"), ...args], {
      cwd: root,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Record<string, unknown>;
    return { code: Number(code), out: String(stdout), err: String(stderr) };
  }
}

const planted = (name: string, executions: number): Promise<End> =>
  fuzz("--target", name, "--executions", String(executions), "--out", findings, "--seed", "1");

describe("a planted fault is found, and can be shown again", () => {
  test.each([
    ["planted-crash", "crash", "the thread ended with code 3"],
    ["planted-endless", "hang", "no end after"],
    ["planted-slow", "hang", "s"],
    ["planted-untyped", "untyped", "TypeError: Cannot read properties of undefined"],
    ["planted-array", "memory", "the limit is 1048576"],
    ["planted-copy", "memory", "the limit is 1048576"],
    ["planted-objects", "memory", "the limit is 1048576"],
    ["planted-inflated", "memory", "the limit is 1048576"],
  ])("%s", async (name, kind, detail) => {
    const { code, out } = await planted(name, name === "planted-slow" ? 2 : 5);
    expect(code).toBe(1);
    const file = new RegExp(`^(\\S+/${name}\\.${kind}\\.[0-9a-f]{8}): .*${detail}`, "m").exec(out);
    expect(file, out).not.toBeNull();
    expect((await readFile(file![1]!)).at(0)).toBe("b".charCodeAt(0));
    if (kind === "crash" || kind === "hang") return;
    const again = await fuzz("--reproduce", file![1]!, "--target", name);
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining(`${name}: ${kind}`) });
  });

  test("one that only steering by coverage reaches", async () => {
    const { code, out } = await planted("planted-deep", 400_000);
    expect(out).toContain("Error: reached");
    expect(code).toBe(1);
  });

  test("what stays below the limits is none", async () => {
    const before = await readdir(findings);
    const { code, out } = await planted("planted-nothing", 10);
    expect(out).toContain(
      "10 executions of 1 parsers: 0 crashes, 0 hangs, 0 untyped errors, 0 all",
    );
    expect(code).toBe(0);
    expect(await readdir(findings)).toEqual(before);
  });
});

test("a machine too slow for --minutes fails nothing: every target is executed all the same", async () => {
  const { code, out } = await fuzz("--minutes", "0.00001", "--target", "lock", "--target", "npy");
  expect(out).toMatch(/^lock +64 /m);
  expect(out).toMatch(/^npy +64 /m);
  expect(code).toBe(0);
});

describe("the command line", () => {
  test("--help", async () => {
    const { code, out } = await fuzz("--help");
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: npm run fuzz -- \[options\]\n/);
    expect(out).toMatch(/^ {2}--seed <n> +of the mutations \(default: 0\)$/m);
  });

  test.each([
    ["--frob", "error: Unknown option '--frob'. There are --minutes, --executions, "],
    ["--seed 1.5", 'error: --seed must be a whole number from 0, got "1.5"\n'],
    ["--minutes x", 'error: --minutes must be a number above 0, got "x"\n'],
    ["--target frob", "error: there is no target frob; expected one of model, "],
    ["--target", "error: Option '--target <value>' argument missing\n"],
    ["frob", "error: Unexpected argument 'frob'"],
    ["--reproduce png.x", "error: --reproduce: there is no file png.x\n"],
  ])("%s: one line", async (args, message) => {
    const { code, out, err } = await fuzz(...args.split(" "));
    expect([code, out]).toEqual([2, ""]);
    expect(err.startsWith(message), err).toBe(true);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
