import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { Interrupted } from "../../src/io.ts";
import { parseLines, run, tiny } from "./io.ts";

/** 6 epochs of 4 steps. */
const protocol = [...tiny, "--train-size", "128", "--batch-size", "32", "--epochs", "6"];
export const train: readonly string[] = [
  "train",
  ...protocol,
  "--backend",
  "wasm",
  "--checkpoint-every",
  "1steps",
];

/** SHA-256 of a run's model file. */
export const hashOf = async (folder: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(join(folder, "model.safetensors")))
    .digest("hex");

export const metricsOf = async (folder: string): Promise<Record<string, unknown>[]> =>
  parseLines(await readFile(join(folder, "metrics.jsonl"), "utf8"));

/** A run's metrics without the times. */
export const lossesOf = async (folder: string): Promise<object[]> =>
  (await metricsOf(folder)).map(({ event, epoch, step, loss, testLoss }) => ({
    event,
    epoch,
    step,
    loss,
    testLoss,
  }));

/** Aborts a run in this process once it has written so many step lines. */
export async function interrupted(
  folder: string,
  step: number,
  more: string[] = [],
): Promise<string> {
  const controller = new AbortController();
  const { code, out } = await run([...train, ...more, "--json", "--out", folder], {
    signal: controller.signal,
    onWrite: (text) => {
      if (text.includes(`"step":${step},`)) controller.abort(new Interrupted());
    },
  });
  expect(code).toBe(130);
  return out;
}
