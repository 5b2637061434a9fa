import { join } from "node:path";
import type { Case, Plan } from "./case.ts";
import { crashes } from "./kinds/crash-states.ts";
import { fullDisks } from "./kinds/full-disk.ts";
import { kills } from "./kinds/kill.ts";
import { sigkills } from "./kinds/sigkill.ts";
import type { KindName, Options } from "./options.ts";
import type { Pool } from "./pool.ts";
import { sample } from "./random.ts";
import { type Scenario, taskOf } from "./scenario.ts";
import { makeScenarios } from "./scenarios.ts";
import { readTree, type Tree, writeTree } from "./tree.ts";

interface Place {
  readonly pool: Pool;
  readonly scratch: string;
}

const plans: Readonly<Record<Exclude<KindName, "sigkill">, (scenario: Scenario) => Plan>> = {
  kill: kills,
  "full-disk": fullDisks,
  "crash-states": crashes,
};

/** Runs all that was asked for. @returns the exit code */
export async function tortureAll(options: Options, place: Place): Promise<number> {
  const { kinds } = options;
  let [ran, failed] = [0, 0];
  if ([...kinds].some((kind) => kind !== "sigkill")) {
    const scenarios = await makeScenarios(options.scenarios, recorder(place));
    for (const [kind, plan] of Object.entries(plans)) {
      if (!kinds.has(kind as KindName)) continue;
      for (const scenario of scenarios) {
        const { cases, note } = plan(scenario);
        const chosen = chosenOf(cases, options);
        const started = performance.now();
        const faults = await runCases(chosen, options, place);
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        console.log(
          `${kind.padEnd(13)}${scenario.name.padEnd(10)} ${chosen.length} of ${cases.length} cases (${note}): ` +
            `${faults} failed, ${seconds} s`,
        );
        [ran, failed] = [ran + chosen.length, failed + faults];
      }
    }
  }
  if (kinds.has("sigkill")) {
    const problem = await sigkills(options, place);
    [ran, failed] = [ran + options.kills, failed + (problem === undefined ? 0 : 1)];
    if (problem !== undefined) console.log(`FAILED  sigkill: ${problem}`);
  }
  console.log(`${ran} disturbances, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function recorder({ pool, scratch }: Place) {
  return async (template: Tree, command: readonly string[], interruptAt?: number) => {
    const folder = join(scratch, "recorded");
    writeTree(folder, template);
    const scenario = { command, ...(interruptAt !== undefined && { interruptAt }) };
    const { code, err, operations } = await pool.runAlone(taskOf(scenario, folder));
    if (code !== (interruptAt === undefined ? 0 : 130)) {
      throw new Error(`torture: undisturbed, ${command.join(" ")} failed: ${err}`);
    }
    return { tree: readTree(folder), operations };
  };
}

function chosenOf(cases: readonly Case[], { match, cases: count, seed }: Options): Case[] {
  return sample(
    cases.filter(({ name }) => name.includes(match)),
    count,
    seed,
  );
}

/** Several at a time, each in a folder of its own. @returns how many failed */
async function runCases(cases: readonly Case[], options: Options, place: Place): Promise<number> {
  const waiting = [...cases];
  let failed = 0;
  const work = async (_: unknown, slot: number): Promise<void> => {
    const folder = join(place.scratch, `slot-${slot}`);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const problem = await next.run({ pool: place.pool, folder });
      if (problem === undefined) continue;
      failed += 1;
      console.log(`FAILED  ${next.name}\n        ${problem}`);
      if (failed <= 5)
        writeTree(join(options.out, next.name.replaceAll(/\W+/g, "-")), readTree(folder));
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, work));
  return failed;
}
