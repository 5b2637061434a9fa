import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

// The rule bn-only/exact-math by the repository's own configuration, on files of a copy of its folders.

const root = fileURLToPath(new URL("../../../..", import.meta.url));
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "bn-only-lint-"));
  cpSync(join(root, ".oxlintrc.json"), join(copy, ".oxlintrc.json"));
  cpSync(join(root, "tools/lint"), join(copy, "tools/lint"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true }));

/** What the rule says of one file. */
function complaints(file: string, code: string): string[] {
  const path = join(copy, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json", file], {
    cwd: copy,
    encoding: "utf8",
  });
  rmSync(path);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { message: string; code: string }[];
  };
  return diagnostics
    .filter(({ code: rule }) => rule === "bn-only(exact-math)")
    .map(({ message }) => message.replace(/: Its last bits.*/s, ""));
}

test.each([
  ["export const y = Math.sin(1);", ["Math.sin"]],
  ['export const y = Math["exp"](1);', ["Math.exp"]],
  ["export const y = Math?.pow(2, 3);", ["Math.pow"]],
  ["export const y = globalThis.Math.log(2);", ["Math under another name"]],
  ["const { tanh } = Math; export const y = tanh(1);", ["Math under another name"]],
  ["const m = Math; export const y = m.cbrt(2);", ["Math under another name"]],
  ['export const y = (name: "sin" | "cos"): number => Math[name](1);', ["Math.<computed>"]],
  ["export const y = [1, 2].map(Math.hypot);", ["Math.hypot"]],
  ["export const y = Math.random() + Math.f16round(1);", ["Math.random", "Math.f16round"]],
  ["export const y = 2 ** 3;", ["**"]],
  ["let y = 2; y **= 3; export { y };", ["**="]],
  ["export const y = Math.sqrt(Math.PI) + Math.fround(Math.imul(3, 4) / Math.clz32(5));", []],
  ["export const y = { Math: 1 };", []],
])("%s", (code, expected) => {
  expect(complaints("packages/frozen-layers/src/random/made-up.ts", code)).toEqual(expected);
});

test.each([
  "packages/frozen-layers/src/initializers/made-up.ts",
  "packages/frozen-layers/src/kernels/reference/made-up.ts",
  "packages/backend-wasm/src/kernels/made-up.ts",
  "packages/bn-only-trainer/src/conditions.ts",
  "packages/bn-only-trainer/src/optimizers/made-up.ts",
  "packages/bn-only-trainer/src/schedules/made-up.ts",
  "packages/datasets/src/random/made-up.ts",
  "packages/datasets/src/batches/made-up.ts",
  "packages/datasets/src/transforms/made-up.ts",
  "packages/datasets/src/synthetic.ts",
])("it watches %s", (file) => {
  expect(complaints(file, "export const y = Math.cos(1);")).toEqual(["Math.cos"]);
});

test("it leaves reports and tests alone", () => {
  expect(complaints("packages/cli/src/report/curves.ts", "export const y = Math.log(2);")).toEqual(
    [],
  );
});
