import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { readCommandLine, refuse } from "../../testing/command-line.ts";
import { countAllocations } from "./allocations.ts";
import { execute } from "./execute.ts";
import { fuzz } from "./fuzz.ts";
import type { FuzzResult } from "./fuzz.ts";
import { faultKinds } from "./target.ts";
import { isTarget, loadTarget, targetNames } from "./targets/index.ts";

const values = readCommandLine({
  command: "npm run fuzz --",
  about: "Feeds mutated files to every parser of bytes; tools/fuzz/README.md says what for.",
  options: {
    minutes: {
      type: "string",
      default: "1",
      placeholder: "n",
      help: "in all, and 64 executions of each target at the least",
    },
    executions: { type: "string", placeholder: "n", help: "of each target, at the most", from: 1 },
    target: {
      type: "string",
      multiple: true,
      default: [],
      placeholder: "name",
      help: `what is fuzzed, may be given again (default: all): ${targetNames.join(", ")}`,
    },
    seed: { type: "string", default: "0", placeholder: "n", help: "of the mutations", from: 0 },
    out: {
      type: "string",
      default: "fuzz-findings",
      placeholder: "folder",
      help: "where inputs that show a fault are left",
    },
    reproduce: { type: "string", placeholder: "file", help: "runs one of these again" },
  },
});

process.exitCode =
  values.reproduce === undefined ? await fuzzAll() : await reproduce(values.reproduce);

async function fuzzAll(): Promise<number> {
  for (const name of values.target) assertTarget(name);
  const [seed, executions] = [Number(values.seed), Number(values.executions ?? Infinity)];
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) refuse(`--minutes must be a number above 0, got "${values.minutes}"`);
  const chosen = values.target.length > 0 ? values.target : targetNames;
  const end = performance.now() + minutes * 60_000;
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  console.log(
    `seed ${seed}, Node ${process.versions.node}, ${cpu?.model ?? "unknown CPU"}, ${date}`,
  );
  console.log(
    "target               executions  per s  corpus    code  crash   hang  untyped  memory",
  );
  const results: FuzzResult[] = [];
  for (const [i, target] of chosen.entries()) {
    const result = await fuzz({
      target,
      seed,
      executions,
      // What one does not need is for those after it.
      milliseconds: (end - performance.now()) / (chosen.length - i),
      found: ({ kind, detail }, bytes) => {
        mkdirSync(values.out, { recursive: true });
        const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
        const file = join(values.out, `${target}.${kind}.${hash}`);
        writeFileSync(file, bytes);
        console.log(`${file}: ${detail.split("\n").slice(0, 3).join(" ")}`);
      },
    });
    results.push(result);
    console.log(line(result));
  }
  const sum = (of: (result: FuzzResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const count = (kind: (typeof faultKinds)[number]): number => sum(({ faults }) => faults[kind]);
  console.log(
    `${sum((result) => result.executions)} executions of ${results.length} parsers: ` +
      `${count("crash")} crashes, ${count("hang")} hangs, ${count("untyped")} untyped errors, ` +
      `${count("memory")} allocations beyond twice the limit`,
  );
  return faultKinds.every((kind) => count(kind) === 0) ? 0 : 1;
}

function assertTarget(name: string): void {
  if (isTarget(name)) return;
  refuse(`there is no target ${name}; expected one of ${targetNames.join(", ")}`);
}

function line({ target, executions, seconds, corpus, code, faults }: FuzzResult): string {
  const numbers: [number, number][] = [
    [executions, 12],
    [Math.round(executions / seconds), 7],
    [corpus, 8],
    [code, 8],
    [faults.crash, 7],
    [faults.hang, 7],
    [faults.untyped, 9],
    [faults.memory, 8],
  ];
  return (
    target.padEnd(19) + numbers.map(([value, width]) => String(value).padStart(width)).join("")
  );
}

async function reproduce(file: string): Promise<number> {
  const name = values.target[0] ?? basename(file).split(".")[0]!;
  assertTarget(name);
  if (!existsSync(file)) refuse(`--reproduce: there is no file ${file}`);
  const target = await loadTarget(name);
  const bytes = new Uint8Array(readFileSync(file));
  const fault = await execute(target, bytes, countAllocations());
  console.log(
    fault === undefined ? `${name}: no fault` : `${name}: ${fault.kind}\n${fault.detail}`,
  );
  if (fault === undefined) {
    const said = await Promise.resolve()
      .then(() => target.run(bytes))
      .then(
        () => "parsed",
        (error: unknown) => `refused: ${String(error)}`,
      );
    console.log(said);
  }
  return fault === undefined ? 0 : 1;
}
