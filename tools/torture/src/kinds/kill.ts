import type { Case, Plan } from "../case.ts";
import { judge } from "../judge.ts";
import { describeOperation } from "../layer/operation.ts";
import { type Scenario, taskOf } from "../scenario.ts";
import { readTree, writeTree } from "../tree.ts";

/** SIGKILL before each operation of a command, and in the middle of each write. */
export function kills(scenario: Scenario): Plan {
  const { operations } = scenario;
  const before = operations.map((_, at) => kill(scenario, at, "kill"));
  const half = operations.flatMap(({ op }, at) =>
    op === "write" ? [kill(scenario, at, "half")] : [],
  );
  return {
    cases: [...before, ...half],
    note: `${before.length} before an operation, ${half.length} within a write`,
  };
}

function kill(scenario: Scenario, at: number, kind: "kill" | "half"): Case {
  const where = kind === "kill" ? "before" : "within";
  const operation = describeOperation(scenario.operations[at]!);
  return {
    name: `${scenario.name}: killed ${where} ${at}, ${operation}`,
    async run({ pool, folder }) {
      writeTree(folder, scenario.template);
      const fault = { at, kind } as const;
      const { code } = await pool.run(taskOf(scenario, folder, fault));
      if (code !== undefined) return `it was not killed, and ended with exit code ${code}`;
      const kept = { steps: scenario.stepsKept(at), model: scenario.modelKept(at) };
      return judge(readTree(folder), scenario, kept, { pool, folder });
    },
  };
}
