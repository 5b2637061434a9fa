import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describeNetwork } from "@bn-only/resnet-zoo";
import { expect, test } from "vitest";
import { architectures } from "../index.js";

test("conv-mixer-32-4: counted by hand", () => {
  const { parameters } = describeNetwork("conv-mixer-32-4", { architectures });
  const batchNorm = 2 * 32 * (1 + 2 * 4);
  const convolutions = 2 * 2 * 3 * 32 + 4 * (5 * 5 * 32 + 32 * 32);
  expect(parameters).toEqual({
    total: batchNorm + convolutions + 32 * 10 + 10,
    batchNorm,
    output: 330,
    shortcut: 0,
  });
});

test("trains on WASM and learns: guessing gives 0.1", async () => {
  const program = fileURLToPath(new URL("../train.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const result = JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, number>;
  expect(result["trainableParameters"]).toBe(576);
  expect(result["testAccuracy"]).toBeGreaterThan(0.35);
});
