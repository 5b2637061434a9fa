import { readCommandLine } from "@bn-only/testing/command-line";
import {
  conformanceCases,
  labelOf,
  randomConformanceCases,
} from "@bn-only/frozen-layers/conformance";
import { type BackendName, useBackend } from "@bn-only/trainer";

// The largest error of every op against float64, over the conformance suite and random shapes.

const values = readCommandLine({
  command: "npm run bench:errors --",
  about:
    "The largest error of every op against float64, over the conformance suite and random shapes.",
  options: {
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
    "no-fma": { type: "boolean", default: false, help: "without fused multiply-add" },
    count: {
      type: "string",
      default: "50",
      help: "random cases of each op",
      placeholder: "n",
      from: 0,
    },
    seed: { type: "string", default: "1", help: "of the random cases", placeholder: "n", from: 0 },
  },
});

const { description } = await useBackend(values.backend as BackendName, { fma: !values["no-fma"] });
const cases = [
  ...conformanceCases(),
  ...randomConformanceCases(Number(values.count), Number(values.seed)),
];
const worst = new Map<string, { error: number; tolerance: number; name: string; count: number }>();
for (const { op, name, tolerance, run } of cases) {
  const { error } = await run();
  const label = labelOf(op);
  const before = worst.get(label) ?? { error: -1, tolerance, name, count: 0 };
  const count = before.count + 1;
  worst.set(label, error > before.error ? { error, tolerance, name, count } : { ...before, count });
}

console.log(`${description}, relative error ‖actual − expected‖ / ‖expected‖\n`);
console.log("| op | cases | largest error | at | tolerance |\n| --- | --: | --: | --- | --: |");
for (const [op, { error, tolerance, name, count }] of worst) {
  console.log(`| ${op} | ${count} | ${error.toExponential(1)} | ${name} | ${tolerance} |`);
}
