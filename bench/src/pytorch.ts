import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

// Our training step against PyTorch's: short runs in turn, so that whatever else the machine does
// hits both, and the best step of all rounds compared. `--python` names a Python that has torch;
// `--table` goes through the settings of bench/README.md.

const { values } = parseArgs({
  options: {
    network: { type: "string", default: "cifar-resnet-14" },
    condition: { type: "string", default: "bn" },
    evaluation: { type: "boolean", default: false },
    "batch-size": { type: "string", default: "128" },
    backend: { type: "string", default: "wasm" },
    threads: { type: "string", default: "2" },
    steps: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "python3" },
    table: { type: "boolean", default: false },
  },
});

interface Setting {
  readonly network: string;
  readonly condition: string;
  readonly evaluation: boolean;
  readonly batchSize: number;
  readonly threads: number;
  /** Timed in each round. */
  readonly steps: number;
}

const given: Setting = {
  network: values.network,
  condition: values.condition,
  evaluation: values.evaluation,
  batchSize: Number(values["batch-size"]),
  threads: Number(values.threads),
  steps: Number(values.steps),
};

const table: readonly Partial<Setting>[] = [
  {},
  { threads: 1 },
  ...[16, 32, 64, 256].map((batchSize) => ({ batchSize })),
  { network: "cifar-resnet-8" },
  { network: "cifar-resnet-20" },
  { network: "cifar-resnet-32", steps: 5 },
  { network: "cifar-resnet-56", steps: 3 },
  { network: "cifar-resnet-110", steps: 2 },
  { network: "cifar-resnet-14-4", steps: 2 },
  { condition: "all" },
  { evaluation: true },
  { network: "imagenet-resnet-18", batchSize: 8, steps: 3 },
  { network: "imagenet-resnet-50", batchSize: 8, steps: 2 },
];

const bin = fileURLToPath(new URL("../../packages/cli/dist/bin.js", import.meta.url));
const script = fileURLToPath(new URL("../../tools/bench/pytorch_step.py", import.meta.url));

/** Milliseconds of the best step, and bytes: of tensors for ours, of the process for PyTorch. */
interface Best {
  readonly ms: number;
  readonly bytes: number;
}

async function time(command: string, args: readonly string[], setting: Setting): Promise<Best> {
  const { network, condition, evaluation, batchSize, threads, steps } = setting;
  const options = { network, condition, "batch-size": batchSize, threads, steps };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  if (evaluation) flags.push("--evaluation");
  const { stdout } = await promisify(execFile)(command, [...args, ...flags, "--json"]);
  const { msPerStep, peakBytes, peakResidentBytes } = JSON.parse(stdout) as {
    msPerStep: { min: number };
    peakBytes?: number | null;
    peakResidentBytes?: number;
  };
  return { ms: msPerStep.min, bytes: peakBytes ?? peakResidentBytes ?? 0 };
}

const ours = [bin, "bench", "--backend", values.backend];
const contestants = {
  FMA: [process.execPath, ours],
  "no FMA": [process.execPath, [...ours, "--no-fma"]],
  PyTorch: [values.python, [script]],
} as const;
type Name = keyof typeof contestants;

async function compare(setting: Setting): Promise<Record<Name, Best>> {
  const best = new Map<Name, Best>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of Object.keys(contestants) as Name[]) {
      const [command, args] = contestants[name];
      const { ms, bytes } = await time(command, args, setting);
      const before = best.get(name) ?? { ms: Infinity, bytes: 0 };
      best.set(name, { ms: Math.min(ms, before.ms), bytes: Math.max(bytes, before.bytes) });
    }
  }
  return Object.fromEntries(best) as Record<Name, Best>;
}

console.log(
  `${values.backend} against PyTorch, best step of ${values.rounds} rounds in turn. Node ${process.versions.node}, ` +
    `${cpus().length} x ${cpus()[0]?.model}\n`,
);
console.log(
  "| network | work | batch | threads | PyTorch ms | FMA ms | ratio | no FMA ms | ratio | images/s, FMA | tensors, MiB |",
);
console.log("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
for (const row of values.table ? table : [{}]) {
  const setting = { ...given, ...row };
  const best = await compare(setting);
  const { network, condition, evaluation, batchSize, threads } = setting;
  const ratio = (name: Name): string => (best[name].ms / best.PyTorch.ms).toFixed(2);
  const cells = [
    network,
    evaluation ? "evaluation" : condition,
    batchSize,
    threads,
    best.PyTorch.ms.toFixed(1),
    best.FMA.ms.toFixed(1),
    ratio("FMA"),
    best["no FMA"].ms.toFixed(1),
    ratio("no FMA"),
    ((1000 * batchSize) / best.FMA.ms).toFixed(0),
    (best.FMA.bytes / 2 ** 20).toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
