import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readCommandLine } from "@bn-only/testing/command-line";
import { revectorises } from "./step.ts";
import { workNames } from "./peers/peer.ts";

// What other libraries take for the same work on the same cores, each as far as it can: in processes of their own,
// in turn, the best of all rounds.

const values = readCommandLine({
  command: "npm run bench:peers --",
  about: "A step, an evaluation and a convolution beside other libraries, in turn.",
  options: {
    threads: { type: "string", default: "2", help: "threads", placeholder: "n", from: 1 },
    "batch-size": { type: "string", default: "128", help: "images", placeholder: "n", from: 1 },
    steps: { type: "string", default: "10", help: "runs of a work", placeholder: "n", from: 1 },
    rounds: {
      type: "string",
      default: "3",
      help: "runs of each library",
      placeholder: "n",
      from: 1,
    },
    torch: {
      type: "string",
      default: "python3",
      help: "a Python that has torch",
      placeholder: "file",
    },
    tensorflow: {
      type: "string",
      default: "python3",
      help: "a Python that has tensorflow",
      placeholder: "file",
    },
  },
});

interface Result {
  readonly description: string;
  /** At best, by the name of the work. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const script = file("../../tools/bench/peer.py");
const node = (peer: string): string[] => [process.execPath, file("peer.js"), "--peer", peer];

const commands: readonly (readonly string[])[] = [
  node("bn-only"),
  ...(revectorises ? [["env", "BN_ONLY_REVEC=1", ...node("bn-only")]] : []),
  [values.torch, script, "--peer", "torch"],
  [values.tensorflow, script, "--peer", "tensorflow"],
  node("tfjs"),
  node("jax"),
  node("onnx"),
];
const options = ["threads", "batch-size", "steps"] as const;
const given = options.flatMap((name) => [`--${name}`, values[name]]);

/** Undefined, with the reason on the console, where a library is not there. */
async function run([program, ...args]: readonly string[]): Promise<Result | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program!, [...args, ...given]);
    const lines = stdout.trim().split("\n");
    const result = JSON.parse(lines.pop()!) as Result | null;
    if (result) return result;
    lines.forEach((line) => console.log(line));
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    console.log(`without ${args.at(-1)}: ${stderr.trim().split("\n").at(-1) || message}`);
  }
  return undefined;
}

const best = new Map<readonly string[], Result>();
let there = commands;
for (let round = 0; round < Number(values.rounds); round++) {
  for (const command of there) {
    const result = await run(command);
    if (!result) {
      there = there.filter((other) => other !== command);
      continue;
    }
    const before = best.get(command)?.milliseconds;
    const milliseconds = Object.fromEntries(
      Object.entries(result.milliseconds).map(([name, ms]) => [
        name,
        Math.min(ms, before?.[name] ?? ms),
      ]),
    );
    best.set(command, { ...result, milliseconds });
  }
}

console.log(
  `\ncifar-resnet-14 with BatchNorm alone trained, and a 3x3 convolution of 16x16x32 to as many channels; batch ` +
    `${values["batch-size"]}, ${values.threads} threads, milliseconds, best of ${values.rounds} rounds of ${values.steps} in turn. ` +
    `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}\n`,
);
console.log(`| library | ${workNames.join(" | ")} |`);
console.log(`| --- |${" --: |".repeat(workNames.length)}`);
for (const { description, milliseconds } of best.values()) {
  const cells = workNames.map((name) => milliseconds[name]?.toFixed(1) ?? "-");
  console.log(`| ${description} | ${cells.join(" | ")} |`);
}
