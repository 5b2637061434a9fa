import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { modelHash } from "../expected-run.ts";
import { randomFrom } from "../random.ts";
import { readTree, writeTree } from "../tree.ts";

/** Steps for so many kills that it has not ended before the last of them. */
const stepsFor = (kills: number): number => 40 + 12 * kills;

const bin = resolve("packages/cli/dist/bin.js");

/**
 * SIGKILL at random moments of one run with a checkpoint after every step, the next process each time going on with it:
 * while Node starts, while the run is read, or some steps later.
 *
 * @returns what is wrong, if anything
 */
export async function sigkills(
  { seed, kills }: { readonly seed: number; readonly kills: number },
  { scratch }: { readonly scratch: string },
): Promise<string | undefined> {
  const random = randomFrom(seed);
  const started = performance.now();
  const folder = join(scratch, "sigkill");
  const command = commandOf(stepsFor(kills));
  writeTree(folder, new Map());
  await run([...command, "--out", "undisturbed"], folder);
  const goOn = (): string[] =>
    existsSync(join(folder, "run/run.json")) ? ["resume", "run"] : [...command, "--out", "run"];
  let training = 0;
  for (let kill = 0; kill < kills; kill++) {
    const steps = random() < 0.3 ? 0 : 1 + Math.floor(random() * 15);
    const milliseconds = random() * (steps === 0 ? 900 : 20);
    const end = await run([...goOn(), "--json"], folder, { steps, milliseconds });
    if (end !== "SIGKILL") return `process ${kill} of ${kills} ended before it was killed (${end})`;
    if (steps > 0) training += 1;
  }
  const end = await run([...goOn(), "--json"], folder);
  if (end !== 0) return `after ${kills} kills, ${goOn().join(" ")} ended with ${end}`;
  const tree = readTree(folder);
  const [hash, wanted] = ["run", "undisturbed"].map((name) =>
    modelHash(tree, `${name}/model.safetensors`),
  );
  if (hash !== wanted) return `after ${kills} kills the model is ${hash}, not ${wanted}`;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `sigkill      ${kills} SIGKILLs of one run of ${stepsFor(kills)} steps, ${training} of them while it trained: ` +
      `SHA-256 ${hash!.slice(0, 12)}… as undisturbed, ${seconds} s`,
  );
  return undefined;
}

function commandOf(steps: number): string[] {
  const options =
    "--dataset synthetic --input-shape 8x8x3 --train-size 80 --test-size 8 --batch-size 8 --backend wasm " +
    "--threads 1 --checkpoint-every 1steps --no-report";
  const epochs = Math.ceil(steps / 10);
  return ["train", "cifar-resnet-8", "--epochs", String(epochs), ...options.split(" ")];
}

interface Moment {
  readonly steps: number;
  readonly milliseconds: number;
}

/** The exit code, or the signal; killed so many milliseconds after so many steps. */
async function run(args: string[], cwd: string, moment?: Moment): Promise<number | string | null> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const end = new Promise<number | string | null>((done) => {
    child.once("close", (code, signal) => done(code ?? signal));
  });
  let seen = 0;
  const reached = new Promise<void>((done) => {
    child.stdout.on("data", (chunk: Buffer) => {
      seen += String(chunk).split('"event":"step"').length - 1;
      if (moment && seen >= moment.steps) done();
    });
    if (moment?.steps === 0) done();
  });
  if (moment) {
    await Promise.race([reached, end]);
    await wait(moment.milliseconds);
    child.kill("SIGKILL");
  }
  return end;
}
