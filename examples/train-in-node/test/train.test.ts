import { execFile } from "node:child_process";
import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../train.js", import.meta.url));
const readme = fileURLToPath(new URL("../../../README.md", import.meta.url));

test("train.js: runs as a user would run it, learns, and leaves a model of a few KB", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "train-in-node-"));
  // No TensorFlow that somebody installed here, and no times that were measured before.
  const env = { ...process.env, BN_ONLY_BACKENDS: join(cwd, "none"), XDG_CACHE_HOME: cwd };
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd, env });
  const lines = stdout.trim().split("\n");
  expect(lines[0]).toMatch(/^wasm /);
  expect(Number(lines[4])).toBeGreaterThan(0.3);
  expect(lines[5]).toBe("trained 672 of 78042 parameters");
  expect((await stat(join(cwd, "model.safetensors"))).size).toBeLessThan(16 * 1024);
});

test("the quickstart of the README is this very file", async () => {
  expect(await readFile(readme, "utf8")).toContain(await readFile(script, "utf8"));
});
