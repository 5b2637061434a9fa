import type { Case, Plan } from "../case.ts";
import type { Fault } from "../fault.ts";
import { modelHash } from "../expected-run.ts";
import { endedWell, judge, saying } from "../judge.ts";
import { describeOperation, type Operation } from "../layer/operation.ts";
import type { Outcome } from "../protocol.ts";
import { type Scenario, taskOf } from "../scenario.ts";
import { readTree, type Tree, writeTree } from "../tree.ts";

/** Of these a full disk is told; fsync, too, where bytes find their place late. */
const takesSpace: ReadonlySet<Operation["op"]> = new Set(["create", "mkdir", "write", "sync"]);

/**
 * A disk that is full for one operation, or from it on; an operation that fails for another reason; and what comes of the
 * same command once there is room again.
 */
export function fullDisks(scenario: Scenario): Plan {
  const { operations } = scenario;
  const all = operations.map((_, at) => at);
  const spacious = all.filter((at) => takesSpace.has(operations[at]!.op));
  const denied = all.filter((at) => !["write", "truncate", "sync"].includes(operations[at]!.op));
  const lists = {
    full: spacious.map((at): Fault => ({ at, kind: "full" })),
    once: spacious.map((at): Fault => ({ at, kind: "once", code: "ENOSPC" })),
    broken: all.map((at): Fault => ({ at, kind: "once", code: "EIO" })),
    denied: denied.map((at): Fault => ({ at, kind: "once", code: "EACCES" })),
  };
  const faults = Object.values(lists).flat();
  return {
    cases: faults.map((fault) => failing(scenario, fault)),
    note: Object.entries(lists)
      .map(([name, { length }]) => `${length} ${name}`)
      .join(", "),
  };
}

function failing(scenario: Scenario, fault: Fault): Case {
  const { at, kind, code = "ENOSPC" } = fault;
  const when = kind === "full" ? "from" : "at";
  const operation = describeOperation(scenario.operations[at]!);
  return {
    name: `${scenario.name}: ${code} ${when} ${at}, ${operation}`,
    async run({ pool, folder }) {
      writeTree(folder, scenario.template);
      // A lock that could not be removed must be of a process that has ended.
      const alone = scenario.operations[at]!.op === "unlink";
      const task = taskOf(scenario, folder, fault);
      const outcome = await (alone ? pool.runAlone(task) : pool.run(task));
      if (!outcome.struck) return "it did not come to that operation";
      const tree = readTree(folder);
      const problem = asPromised(outcome, tree, scenario);
      if (problem !== undefined) return problem;
      if (outcome.code === 3) return undefined;
      const done = outcome.code === 0;
      const kept = {
        steps: done ? 0 : scenario.stepsKept(at),
        model: done || scenario.modelKept(at),
      };
      return judge(tree, scenario, kept, { pool, folder });
    },
  };
}

/** Success with nothing missing, a whole model with gaps that are named, or an error. */
function asPromised(outcome: Outcome, tree: Tree, scenario: Scenario): string | undefined {
  const problem = endedWell(outcome);
  if (problem !== undefined) return problem;
  const without = scenario.without?.test(outcome.err + outcome.out) === true;
  if (outcome.code === 0) return without ? undefined : scenario.atTheEnd(tree);
  if (outcome.code === 3) {
    const model = modelHash(tree) === modelHash(scenario.undisturbed);
    const named = / lacks [\w. ()-]+, which could not be written/.test(outcome.err);
    return model && named
      ? undefined
      : saying("a run with gaps lacks its model or a word", outcome);
  }
  return undefined;
}
