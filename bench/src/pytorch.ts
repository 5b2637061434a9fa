import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { readCommandLine } from "@bn-only/testing/command-line";
import { type Command, ours, revectorises, timeSteps } from "./step.ts";

// Our training step against PyTorch's: short runs in turn, so that whatever else the machine does
// hits both, and the best step of all rounds compared. The wasm backend runs with and without FMA, and in Node 24
// and newer with vectors in pairs.
// `--python` names a Python that has torch; `--table` goes through the settings of bench/README.md.

const values = readCommandLine({
  command: "npm run bench:pytorch --",
  about: "Our training step against PyTorch's, in short runs in turn.",
  options: {
    network: { type: "string", default: "cifar-resnet-14", help: "network", placeholder: "name" },
    condition: { type: "string", default: "bn", help: "what trains", placeholder: "name" },
    evaluation: { type: "boolean", default: false, help: "predictions instead of training steps" },
    "batch-size": {
      type: "string",
      default: "128",
      help: "images in a batch",
      placeholder: "n",
      from: 1,
    },
    backend: { type: "string", default: "wasm", help: "backend", placeholder: "name" },
    threads: { type: "string", default: "2", help: "threads of both", placeholder: "n", from: 1 },
    steps: { type: "string", default: "10", help: "steps of a run", placeholder: "n", from: 1 },
    rounds: { type: "string", default: "5", help: "runs of each", placeholder: "n", from: 1 },
    python: {
      type: "string",
      default: "python3",
      help: "a Python that has torch",
      placeholder: "file",
    },
    table: { type: "boolean", default: false, help: "all settings of bench/README.md" },
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

interface Contestant {
  readonly name: string;
  readonly command: Command;
}

const backend: Command = [...ours, "--backend", values.backend];
const variants: readonly Contestant[] =
  values.backend === "wasm"
    ? [
        { name: "FMA", command: backend },
        { name: "no FMA", command: [...backend, "--no-fma"] },
        ...(revectorises
          ? [{ name: "revec", command: ["env", "BN_ONLY_REVEC=1", ...backend] as const }]
          : []),
      ]
    : [{ name: values.backend, command: backend }];
const pytorch: Contestant = { name: "PyTorch", command: [values.python, script] };

/** Milliseconds of the best step, and bytes of our tensors; 0 where the backend does not count them. */
interface Best {
  readonly ms: number;
  readonly bytes: number;
}

async function compare(setting: Setting): Promise<(contestant: Contestant) => Best> {
  const { batchSize, evaluation, ...rest } = setting;
  const options = { ...rest, "batch-size": batchSize };
  const flags = evaluation ? ["--evaluation"] : [];
  const best = new Map<Contestant, Best>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contestant of [...variants, pytorch]) {
      const { msPerStep, peakBytes } = await timeSteps(contestant.command, options, flags);
      const { ms, bytes } = best.get(contestant) ?? { ms: Infinity, bytes: 0 };
      best.set(contestant, {
        ms: Math.min(ms, msPerStep.min),
        bytes: Math.max(bytes, peakBytes ?? 0),
      });
    }
  }
  return (contestant) => best.get(contestant)!;
}

console.log(
  `${values.backend} against PyTorch, best step of ${values.rounds} rounds in turn. Node ${process.versions.node}, ` +
    `${cpus().length} x ${cpus()[0]?.model}\n`,
);
const header = [
  "network",
  "work",
  "batch",
  "threads",
  "PyTorch ms",
  ...variants.flatMap(({ name }) => [`${name} ms`, "ratio"]),
  `images/s, ${variants[0]!.name}`,
  "tensors, MiB",
];
console.log(`| ${header.join(" | ")} |`);
console.log(`| ${header.map((_, column) => (column < 2 ? "---" : "--:")).join(" | ")} |`);
for (const row of values.table ? table : [{}]) {
  const setting = { ...given, ...row };
  const best = await compare(setting);
  const { network, condition, evaluation, batchSize, threads } = setting;
  const first = best(variants[0]!);
  const reference = best(pytorch).ms;
  const cells = [
    network,
    evaluation ? "evaluation" : condition,
    batchSize,
    threads,
    reference.toFixed(1),
    ...variants.map(best).flatMap(({ ms }) => [ms.toFixed(1), (ms / reference).toFixed(2)]),
    ((1000 * batchSize) / first.ms).toFixed(0),
    first.bytes > 0 ? (first.bytes / 2 ** 20).toFixed(0) : "-",
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
