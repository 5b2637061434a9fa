import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ended, spawnBin } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf, metricsOf, train } from "./support/interrupted.ts";

/** 256 steps. */
const command = [...train, "--train-size", "1024", "--epochs", "8", "--json"];

/** When each process is killed: after so many steps, and so many milliseconds more. */
const moments = [
  [0, 0],
  [7, 3],
  [0, 250],
  [1, 0],
  [16, 11],
  [0, 400],
  [12, 1],
  [0, 60],
  [19, 5],
  [3, 8],
] as const;

async function killAfter(steps: number, milliseconds: number, args: string[]): Promise<void> {
  const child = spawnBin(args);
  const end = ended(child);
  if (steps > 0) {
    let seen = 0;
    await new Promise<void>((resolve) => {
      child.stdout!.on("data", (chunk: Buffer) => {
        seen += String(chunk).split('"event":"step"').length - 1;
        if (seen >= steps) resolve();
      });
    });
  } else child.stdout!.resume();
  await wait(milliseconds);
  child.kill("SIGKILL");
  expect(await end).toBe("SIGKILL");
}

test("ten SIGKILLs at ten moments: the same SHA-256 as the undisturbed run", async () => {
  const parent = await temporaryFolder();
  const [undisturbed, folder] = [join(parent, "a"), join(parent, "b")];
  const whole = (args: readonly string[]) => ended(spawnBin(args, { stdio: "ignore" }));
  expect(await whole([...command, "--out", undisturbed])).toBe(0);
  const goOn = (): string[] =>
    existsSync(join(folder, "run.json"))
      ? ["resume", folder, "--json"]
      : [...command, "--out", folder];
  for (const [steps, milliseconds] of moments) await killAfter(steps, milliseconds, goOn());
  expect(await whole(goOn())).toBe(0);
  expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
  const steps = (await metricsOf(folder)).filter(({ event }) => event === "step");
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1));
}, 180_000);
