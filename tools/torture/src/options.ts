import { parseArgs } from "node:util";
import { type ScenarioName, scenarioNames } from "./scenarios.ts";

export const kindNames = ["kill", "full-disk", "crash-states", "sigkill"] as const;
export type KindName = (typeof kindNames)[number];

export interface Options {
  readonly kinds: ReadonlySet<KindName>;
  readonly scenarios: ReadonlySet<ScenarioName>;
  readonly seed: number;
  /** Of each kind and scenario; more are drawn by the seed. */
  readonly cases: number;
  /** Processes killed at random moments. */
  readonly kills: number;
  readonly jobs: number;
  /** Only cases whose names have this in them. */
  readonly match: string;
  readonly out: string;
}

const help = `Usage: npm run torture -- [options]

Disturbs runs of bn-only at every operation on files, and asks whether anything is lost. Build first: npm run build.

  --only <kinds>      ${kindNames.join(", ")} (default: all)
  --scenario <names>  ${scenarioNames.join(", ")} (default: all)
  --cases <n>         at most so many of each kind and scenario, drawn by the seed (default: all)
  --kills <n>         SIGKILLs at random moments of one run (default: 50)
  --seed <n>          of what is drawn and of random moments (default: 0)
  --match <text>      only cases whose name has this text, as a finding prints it
  --jobs <n>          at a time (default: 2)
  --out <folder>      where the folders of findings are left (default: torture-findings)
  --help              this`;

/** The options, or an exit code once it has said why there are none. */
export function readOptions(args: string[]): Options | number {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: "string", default: kindNames.join() },
        scenario: { type: "string", default: scenarioNames.join() },
        cases: { type: "string" },
        kills: { type: "string", default: "50" },
        seed: { type: "string", default: "0" },
        match: { type: "string", default: "" },
        jobs: { type: "string", default: "2" },
        out: { type: "string", default: "torture-findings" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(help);
      return 0;
    }
    return {
      kinds: namesIn("--only", values.only, kindNames),
      scenarios: namesIn("--scenario", values.scenario, scenarioNames),
      seed: naturalIn("--seed", values.seed),
      cases: values.cases === undefined ? Infinity : naturalIn("--cases", values.cases),
      kills: naturalIn("--kills", values.kills),
      jobs: Math.max(1, naturalIn("--jobs", values.jobs)),
      match: values.match,
      out: values.out,
    };
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    return 2;
  }
}

function namesIn<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): ReadonlySet<Name> {
  const names = text.split(",");
  const unknown = names.find((name) => !known.includes(name as Name));
  if (unknown === undefined) return new Set(names as Name[]);
  throw new Error(`${option} ${unknown}: expected some of ${known.join(", ")}.`);
}

function naturalIn(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && text.trim() !== "") return value;
  throw new Error(`${option} ${text}: expected a whole number.`);
}
