import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, spawnBin } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf, metricsOf, train } from "./support/interrupted.ts";

const KILLS = 10;
const command = [...train, "--train-size", "1024", "--epochs", "8"];

/** Milliseconds until the first step, and until the end. */
async function timeOf(folder: string): Promise<{ start: number; end: number }> {
  const begin = performance.now();
  const child = spawnBin([...command, "--json", "--out", folder]);
  let start: number | undefined;
  child.stdout!.on("data", () => (start ??= performance.now() - begin));
  expect(await ended(child)).toBe(0);
  return { start: start!, end: performance.now() - begin };
}

test("ten SIGKILLs at ten moments: the same SHA-256 as the undisturbed run", async () => {
  const parent = await temporaryFolder();
  const [undisturbed, folder] = [join(parent, "a"), join(parent, "b")];
  const { start, end } = await timeOf(undisturbed);
  // From the first milliseconds of a process to a fifth of the run's training.
  const longest = start + (end - start) / 5;
  const goOn = (): string[] =>
    existsSync(join(folder, "run.json")) ? ["resume", folder] : [...command, "--out", folder];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawnBin(goOn(), { stdio: "ignore" });
    const moment = ((7 * kill + 3) % KILLS) / KILLS;
    setTimeout(() => child.kill("SIGKILL"), moment * longest);
    expect(await ended(child)).toBe("SIGKILL");
  }
  expect(await ended(spawnBin(goOn(), { stdio: "ignore" }))).toBe(0);
  expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
  const steps = (await metricsOf(folder)).filter(({ event }) => event === "step");
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1));
}, 180_000);
