import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Our training step against PyTorch's: short runs in turn, so that whatever else the machine does
// hits both, and the best steps of all rounds compared. `--python` names a Python that has torch.

const { values } = parseArgs({
  options: {
    network: { type: "string", default: "cifar-resnet-14" },
    condition: { type: "string", default: "bn" },
    "batch-size": { type: "string", default: "128" },
    threads: { type: "string", default: "2" },
    steps: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "python3" },
  },
});
const { python, rounds, ...same } = values;
const options = Object.entries(same).flatMap(([name, value]) => [`--${name}`, value]);
const bin = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
const script = fileURLToPath(new URL("../../tools/bench/pytorch_step.py", import.meta.url));

interface Timing {
  readonly msPerStep: { readonly min: number; readonly median: number };
}

const contestants = {
  "bn-only, FMA": [process.execPath, bin, "bench", "--backend", "wasm"],
  "bn-only, no FMA": [process.execPath, bin, "bench", "--backend", "wasm", "--no-fma"],
  PyTorch: [python, script],
};
const timings = new Map(
  Object.keys(contestants).map((name) => [name, [] as Timing["msPerStep"][]]),
);
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, [command, ...args]] of Object.entries(contestants)) {
    const output = execFileSync(command!, [...args, ...options, "--json"], { encoding: "utf8" });
    timings.get(name)!.push((JSON.parse(output) as Timing).msPerStep);
  }
}

const summary = [...timings].map(([name, rows]) => ({
  name,
  min: Math.min(...rows.map(({ min }) => min)),
  median: Math.min(...rows.map(({ median }) => median)),
}));
const torch = summary.find(({ name }) => name === "PyTorch")!;
console.log(
  `${same.network}, condition ${same.condition}, batch ${same["batch-size"]}, ${same.threads} threads, ` +
    `${rounds} rounds of ${same.steps} steps in turn; ms a step, and the ratio to PyTorch\n`,
);
console.log(`${"".padEnd(16)} best step   ratio   best median   ratio`);
for (const { name, min, median } of summary) {
  console.log(
    `${name.padEnd(16)} ${min.toFixed(1).padStart(9)} ${(min / torch.min).toFixed(2).padStart(7)} ` +
      `${median.toFixed(1).padStart(13)} ${(median / torch.median).toFixed(2).padStart(7)}`,
  );
}
