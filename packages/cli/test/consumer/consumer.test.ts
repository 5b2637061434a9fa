import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

// On the build: `npm run build` first.
test("a project with exactOptionalPropertyTypes compiles against the published declarations", () => {
  const project = fileURLToPath(new URL("./tsconfig.json", import.meta.url));
  const tsc = fileURLToPath(new URL("../../../../node_modules/.bin/tsc", import.meta.url));
  const { status, stdout } = spawnSync(tsc, ["-p", project], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);
