import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ours, timeSteps } from "./step.ts";

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

const script = fileURLToPath(new URL("../../tools/bench/pytorch_step.py", import.meta.url));
const backend = ["--backend", values.backend];
const contestants = {
  FMA: [...ours, ...backend],
  "no FMA": [...ours, ...backend, "--no-fma"],
  PyTorch: [values.python, script],
} as const;
type Name = keyof typeof contestants;

/** The best step of each, in milliseconds, and our most bytes in tensors. */
async function compare(
  setting: Setting,
): Promise<{ readonly ms: Record<Name, number>; readonly bytes: number }> {
  const { batchSize, evaluation, ...options } = setting;
  const ms: Record<Name, number> = { FMA: Infinity, "no FMA": Infinity, PyTorch: Infinity };
  let bytes = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of Object.keys(contestants) as Name[]) {
      const flags = evaluation ? ["--evaluation"] : [];
      const result = await timeSteps(
        contestants[name],
        { ...options, "batch-size": batchSize },
        flags,
      );
      ms[name] = Math.min(ms[name], result.msPerStep.min);
      bytes = Math.max(bytes, result.peakBytes ?? 0);
    }
  }
  return { ms, bytes };
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
  const { ms, bytes } = await compare(setting);
  const { network, condition, evaluation, batchSize, threads } = setting;
  const ratio = (name: Name): string => (ms[name] / ms.PyTorch).toFixed(2);
  const cells = [
    network,
    evaluation ? "evaluation" : condition,
    batchSize,
    threads,
    ms.PyTorch.toFixed(1),
    ms.FMA.toFixed(1),
    ratio("FMA"),
    ms["no FMA"].toFixed(1),
    ratio("no FMA"),
    ((1000 * batchSize) / ms.FMA).toFixed(0),
    (bytes / 2 ** 20).toFixed(0),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
