import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { observeOps } from "@bn-only/frozen-layers";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/folder.ts";
import { run, tiny } from "./support/io.ts";

/** A training of 4 steps that fails in one of them, as a backend does. */
async function failingAt(step: number, name: string, message: string, more: readonly string[]) {
  const out = join(await temporaryFolder(), "run");
  let [training, updates] = [false, 0];
  const stop = observeOps(({ op }) => {
    if (!training || op.name !== "BnOnlySgd" || ++updates !== step) return;
    throw Object.assign(new Error(message), { name });
  });
  const args = [...tiny, "--train-size", "32", "--no-report", "--backend", "cpu", ...more];
  const onWrite = (text: string): void => {
    training ||= text.includes('"event":"start"');
  };
  const { code, err } = await run(["train", ...args, "--out", out, "--json"], { onWrite });
  stop();
  expect(code).toBe(1);
  return { err, out };
}

const failures = [
  ["a lost GPU", "DeviceLostError", "The GPU was lost, and all tensors on it."],
  ["memory that ran out", "OutOfMemoryError", "The GPU has no memory left."],
] as const;

test.each(failures)("%s: the line names the last checkpoint", async (_what, name, message) => {
  const { err, out } = await failingAt(3, name, message, ["--checkpoint-every", "1steps"]);
  expect(err).toMatch(
    /^error: [^\n]* The last good checkpoint is that of step 2, in [^\n]*run\.\n$/,
  );
  expect(err).toContain(message.replace(/\.$/, ""));
  const record = JSON.parse(await readFile(join(out, "run.json"), "utf8")) as object;
  expect(record).toMatchObject({ status: "failed", message: err.slice("error: ".length, -1) });
  expect((await run(["resume", out, "--json"])).out).toContain('"resumedAt":2');
});

test.each(failures)("%s, and no checkpoint: it says so", async (_what, name, message) => {
  const { err } = await failingAt(3, name, message, ["--checkpoint-every", "none"]);
  expect(err).toContain("Nothing of the training was kept (--checkpoint-every none).");
});

test("a batch that never fitted has lost nothing", async () => {
  const { err } = await failingAt(1, "OutOfMemoryError", "The GPU has no memory left.", []);
  expect(err).toMatch(/^error: train: 8 images [^\n]* in memory \(The GPU has no memory left\)/);
  expect(err).not.toContain("kept");
});
