import { resolve } from "node:path";
import { CrashDisk } from "./crash/disk.ts";
import { modelHash, namesDiffer, runDiffers } from "./expected-run.ts";
import type { Operation } from "./layer/operation.ts";
import { timesKept } from "./milestones.ts";
import type { GoOn, Scenario } from "./scenario.ts";
import { type Tree, sha256 } from "./tree.ts";

/** Steps between two checkpoints. */
const EVERY = 2;

/** 2 epochs of 3 steps, in a few tens of milliseconds. */
const train: readonly string[] = [
  ..."train cifar-resnet-8 --dataset synthetic --input-shape 8x8x3 --train-size 24".split(" "),
  ..."--test-size 8 --batch-size 8 --epochs 2 --backend wasm --threads 1".split(" "),
  ...`--checkpoint-every ${EVERY}steps --out run`.split(" "),
];

/** Runs a command in a folder that holds `template`, to its end. */
export type Record = (
  template: Tree,
  args: readonly string[],
  interruptAt?: number,
) => Promise<{ readonly tree: Tree; readonly operations: readonly Operation[] }>;

const nothing: Tree = new Map();
/** One backend, and not the fastest of those that are tried. */
const onWasm = ["--backend", "wasm", "--threads", "1"];
const readers = [
  ["evaluate", "run/model.safetensors", "--json", ...onWasm],
  ["report", "run"],
] as const;
const finished = /holds a run that has finished/;
const resume = ["resume", "run"];
/** Its data set comes from a network as far as the command knows. */
const plugin = ["--plugin", resolve("tools/torture/plugin.js")];

export const scenarioNames = [
  "train",
  "overwrite",
  "interrupt",
  "resume",
  "report",
  "export",
  "cache",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** Makes the scenarios that are asked for, by running each of their commands once without a fault. */
export async function makeScenarios(
  names: ReadonlySet<ScenarioName>,
  record: Record,
): Promise<Scenario[]> {
  const fresh = await record(nothing, train);
  const make: { readonly [Name in ScenarioName]: () => Promise<Scenario> } = {
    train: async () => trainScenario(fresh.tree, fresh.operations),
    async overwrite() {
      const { tree: template } = await record(nothing, [...train, "--seed", "1"]);
      const command = [...train, "--overwrite"];
      const { operations } = await record(template, command);
      return overwriteScenario({ template, command, operations, undisturbed: fresh.tree });
    },
    async interrupt() {
      const [command, interruptAt] = [[...train, "--json"], 3];
      const { operations } = await record(nothing, command, interruptAt);
      const base = { template: nothing, command, operations, undisturbed: fresh.tree };
      return interruptScenario(base, interruptAt);
    },
    async resume() {
      const template = interruptedAfter(1, fresh.operations);
      const { operations } = await record(template, resume);
      return resumeScenario(template, fresh.tree, operations);
    },
    async report() {
      const template = new Map(fresh.tree);
      template.delete("run/report.html");
      const command = ["report", "run"];
      const { operations, tree } = await record(template, command);
      return fileScenario({ name: "report", template, command, operations, undisturbed: tree });
    },
    async export() {
      const command = ["export", "run", "--out", "dense.safetensors"];
      const { operations, tree } = await record(fresh.tree, command);
      const base = { name: "export", template: fresh.tree, command, operations };
      return fileScenario({ ...base, undisturbed: tree, nothingToDo: /exists already/ });
    },
    async cache() {
      const command = ["evaluate", "run/model.safetensors", ...onWasm, ...plugin];
      const trained = await record(nothing, [...train, "--dataset", "shades", ...plugin]);
      const template = new Map([...trained.tree].filter(([path]) => !path.startsWith("cache")));
      const { operations, tree } = await record(template, command);
      const base = { name: "cache", template, command, operations, undisturbed: tree };
      return fileScenario({ ...base, without: /: not cached in / });
    },
  };
  const scenarios: Scenario[] = [];
  for (const name of scenarioNames) if (names.has(name)) scenarios.push(await make[name]());
  return scenarios;
}

type Base = Pick<Scenario, "template" | "command" | "operations" | "undisturbed">;

function trainScenario(undisturbed: Tree, operations: readonly Operation[]): Scenario {
  const base = { template: nothing, command: train, operations, undisturbed };
  return {
    name: "train",
    ...ofTraining(base, 0),
    atAnyTime: modelIsOneOf([undefined, modelHash(undisturbed)]),
    goOn: beginningOrGoingOn,
  };
}

const beginningOrGoingOn = (tree: Tree): GoOn[] => [
  { args: train, nothingToDo: finished, readers, readable: false },
  ...(tree.has("run/run.json") ? [resuming] : []),
];

/** Ctrl-C writes a checkpoint of its own, at a step at which none was due. */
function interruptScenario(base: Base, interruptAt: number): Scenario {
  const { stepsKept, ...rest } = ofTraining(base, 0);
  return {
    name: "interrupt",
    ...rest,
    interruptAt,
    stepsKept: (done) => Math.min(interruptAt, stepsKept(done)),
    atAnyTime: modelIsOneOf([undefined]),
    goOn: beginningOrGoingOn,
  };
}

function overwriteScenario(base: Base): Scenario {
  const { template, undisturbed, command } = base;
  const unfinished = /^run\/\.(replacement|committed)\/run\.json$/;
  return {
    name: "overwrite",
    ...ofTraining(base, 0),
    atAnyTime: modelIsOneOf([modelHash(template), modelHash(undisturbed)]),
    goOn: (tree) => [
      { args: command, readers, readable: true },
      ...([...tree.keys()].some((path) => unfinished.test(path)) ? [resuming] : []),
    ],
  };
}

function resumeScenario(
  template: Tree,
  undisturbed: Tree,
  operations: readonly Operation[],
): Scenario {
  const base = { template, command: resume, operations, undisturbed };
  return {
    name: "resume",
    ...ofTraining(base, EVERY),
    atAnyTime: modelIsOneOf([undefined, modelHash(undisturbed)]),
    goOn: () => [resuming, { args: train, nothingToDo: finished, readers, readable: false }],
  };
}

const resuming: GoOn = { args: resume, nothingToDo: finished, readers: [], readable: false };

function ofTraining(base: Base, stepsBefore: number) {
  const checkpoints = timesKept(base.operations, /\/checkpoint\.safetensors$/);
  const models = timesKept(base.operations, /^run\/model\.safetensors$/);
  return {
    ...base,
    atTheEnd: (tree: Tree) => runDiffers(tree, base.undisturbed),
    stepsKept: (done: number) => stepsBefore + EVERY * checkpoints(done),
    modelKept: (done: number) => models(done) > 0,
  };
}

/** A command that makes one file of a finished run. */
function fileScenario(
  base: Base & Pick<Scenario, "name" | "without"> & Pick<GoOn, "nothingToDo">,
): Scenario {
  const { nothingToDo } = base;
  const whole = (path: string, tree: Tree): boolean =>
    sha256(tree.get(path)!) === sha256(base.undisturbed.get(path)!);
  const damaged = (tree: Tree): string | undefined =>
    [...base.undisturbed.keys()].find((path) => {
      if (tree.has(path)) return tree.get(path) !== undefined && !whole(path, tree);
      return base.template.has(path);
    });
  return {
    ...base,
    stepsKept: () => 0,
    modelKept: () => true,
    atAnyTime(tree) {
      const path = damaged(tree);
      return path && `${path} is lost or not what it was`;
    },
    atTheEnd(tree) {
      return namesDiffer(tree, base.undisturbed) ?? damaged(tree);
    },
    goOn: () => [
      { args: base.command, ...(nothingToDo && { nothingToDo }), readers: [], readable: false },
    ],
  };
}

function modelIsOneOf(allowed: readonly (string | undefined)[]) {
  return (tree: Tree): string | undefined => {
    const hash = modelHash(tree);
    if (allowed.includes(hash)) return undefined;
    return hash === undefined ? "there is no model" : `the model is another one: ${hash}`;
  };
}

/** What a process leaves that is killed right after so many checkpoints. */
function interruptedAfter(count: number, operations: readonly Operation[]): Tree {
  const kept = timesKept(operations, /\/checkpoint\.safetensors$/);
  const disk = new CrashDisk(nothing);
  for (let done = 0; kept(done) < count; done++) disk.apply(operations[done]!);
  return disk.now();
}
