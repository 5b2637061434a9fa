import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { listDatasets, loadDataset } from "@bn-only/datasets";
import { datasets } from "@bn-only/example-custom-dataset";
import { expect, test } from "vitest";

test("shapes: known by name, verified, parsed", async () => {
  expect(listDatasets({ datasets }).map(({ name }) => name)).toContain("shapes");
  const { train, test: held } = await loadDataset("shapes", { datasets });
  expect(train.shape).toEqual([12, 12, 1]);
  expect([train.labels.length, held.labels.length]).toEqual([300, 90]);
  expect([...held.labels.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
});

test("train.js: runs as a user would run it, and learns", async () => {
  const script = fileURLToPath(new URL("../train.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const [backend, result] = stdout.trim().split("\n");
  expect(backend).toMatch(/^wasm /);
  expect(result).toMatch(/^square, disc, cross: test accuracy /);
  // Guessing gives 0.33.
  expect(Number(result!.split(" ").at(-1))).toBeGreaterThan(0.6);
});
