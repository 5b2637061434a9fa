import type { Case, Plan } from "../case.ts";
import { type CrashState, crashStates } from "../crash/states.ts";
import { judge } from "../judge.ts";
import { describeOperation } from "../layer/operation.ts";
import type { Scenario } from "../scenario.ts";

/** What may be on the disk after the machine went down, at any moment of a command. */
export function crashes(scenario: Scenario): Plan {
  const { enumerated, states } = crashStates(scenario.template, scenario.operations);
  return {
    cases: states.map((state, i) => crash(scenario, state, i)),
    note: `${enumerated} enumerated, ${states.length} of them different`,
  };
}

function crash(scenario: Scenario, { tree, done }: CrashState, index: number): Case {
  const { operations } = scenario;
  const last = done === 0 ? "before it began" : `after ${describeOperation(operations[done - 1]!)}`;
  return {
    name: `${scenario.name}: crash state ${index}, ${last} (${done} operations done)`,
    run({ pool, folder }) {
      const kept = { steps: scenario.stepsKept(done), model: scenario.modelKept(done) };
      return judge(tree, scenario, kept, { pool, folder });
    },
  };
}
