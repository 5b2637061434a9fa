import { readCommandLine, refuse } from "../../testing/command-line.ts";
import { type ScenarioName, scenarioNames } from "./scenarios.ts";

const kindNames = ["kill", "full-disk", "crash-states", "sigkill"] as const;
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

/** Ends the process for a command line that it does not understand, and for `--help`. */
export function readOptions(): Options {
  const values = readCommandLine({
    command: "npm run torture --",
    about:
      "Disturbs runs of bn-only at every operation on files, and asks whether anything is lost.\n" +
      "Build first: npm run build.",
    options: {
      only: {
        type: "string",
        default: kindNames.join(),
        placeholder: "kinds",
        help: "of disturbances",
      },
      scenario: {
        type: "string",
        default: scenarioNames.join(),
        placeholder: "names",
        help: "what is disturbed",
      },
      cases: {
        type: "string",
        placeholder: "n",
        help: "at most so many of each kind and scenario, drawn by the seed (default: all)",
        from: 0,
      },
      kills: {
        type: "string",
        default: "50",
        placeholder: "n",
        help: "SIGKILLs at random moments of one run",
        from: 0,
      },
      seed: {
        type: "string",
        default: "0",
        placeholder: "n",
        help: "of what is drawn and of random moments",
        from: 0,
      },
      match: {
        type: "string",
        default: "",
        placeholder: "text",
        help: "only cases whose name has this text, as a finding prints it",
      },
      jobs: { type: "string", default: "2", placeholder: "n", help: "at a time", from: 1 },
      out: {
        type: "string",
        default: "torture-findings",
        placeholder: "folder",
        help: "where the folders of findings are left",
      },
    },
  });
  return {
    kinds: namesIn("--only", values.only, kindNames),
    scenarios: namesIn("--scenario", values.scenario, scenarioNames),
    seed: Number(values.seed),
    cases: Number(values.cases ?? Infinity),
    kills: Number(values.kills),
    jobs: Number(values.jobs),
    match: values.match,
    out: values.out,
  };
}

function namesIn<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): ReadonlySet<Name> {
  const names = text.split(",");
  const unknown = names.find((name) => !known.includes(name as Name));
  if (unknown === undefined) return new Set(names as Name[]);
  return refuse(`${option} ${unknown}: expected some of ${known.join(", ")}`);
}
