import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, spawnBin } from "./support/bin.ts";
import { temporaryFolder } from "./support/folder.ts";
import { hashOf, metricsOf, train } from "./support/interrupted.ts";

test("ten SIGKILLs at random moments: the same SHA-256 as the undisturbed run", async () => {
  const [undisturbed, folder] = [
    join(await temporaryFolder(), "a"),
    join(await temporaryFolder(), "b"),
  ];
  const long = ["--train-size", "1024", "--epochs", "8"];
  expect(
    await ended(spawnBin([...train, ...long, "--out", undisturbed], { stdio: "ignore" })),
  ).toBe(0);
  let kills = 0;
  let command: string[] = [...train, ...long, "--out", folder];
  for (let i = 0; ; i++) {
    const child = spawnBin(command, { stdio: "ignore" });
    // The first one long enough for a folder to be there; later ones at any moment, their start included.
    const delay = kills < 10 ? (i === 0 ? 1500 : 200 + ((i * 7919) % 1300)) : undefined;
    const timer = delay === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), delay);
    const end = await ended(child);
    clearTimeout(timer);
    if (end === 0) break;
    expect(end).toBe("SIGKILL");
    kills += 1;
    if (existsSync(join(folder, "run.json"))) command = ["resume", folder];
  }
  expect(kills).toBe(10);
  expect(await hashOf(folder)).toBe(await hashOf(undisturbed));
  const steps = (await metricsOf(folder)).filter(({ event }) => event === "step");
  expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 256 }, (_, i) => i + 1));
}, 180_000);
