import { existsSync, statfsSync } from "node:fs";
import { availableParallelism, cpus, freemem, homedir, totalmem } from "node:os";
import { detouringKernels } from "@bn-only/backend-wasm";
import { type BackendCandidate, inspectBackends, useBackend } from "@bn-only/trainer";
import { version_core as tfjs } from "@tensorflow/tfjs-core";
import { describeTensorflow, tensorflowLines } from "@bn-only/backend-tensorflow/install";
import { bytes, wrapped } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import { version } from "../../version.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { print } from "../../print.ts";

export interface DoctorCommandOptions extends PluginSelection {
  readonly json?: boolean;
}

/** `bn-only doctor` */
export async function runDoctor({ plugin, json }: DoctorCommandOptions, io: Io): Promise<void> {
  const { backends: candidates } = await loadPlugins(plugin);
  const findings = await examine(candidates, io);
  if (json) return writeJson(io, findings);
  const { machine, backends, auto, tensorflow, versions, wasmDetours } = findings;
  const lines = [
    `bn-only ${versions.bnOnly}, tfjs ${versions.tfjs}, Node ${versions.node} on ${machine.platform}`,
    `${machine.cpu}, ${machine.cores} cores, ${bytes(machine.freeMemory)} of ${bytes(machine.memory)} memory free, ` +
      `${bytes(machine.freeDisk)} of disk free`,
    "",
    ...backends.map(({ name, summary, available, reason }) =>
      available ? `works    ${name}: ${summary}` : `missing  ${name}: ${reason}`,
    ),
    ...tensorflowLines(tensorflow),
    "",
    `auto chooses ${autoLine(auto)}.`,
    ...(wasmDetours.length > 0
      ? [
          "",
          `Standard tfjs kernels that wasm runs through tfjs-backend-cpu, slowly: ${wasmDetours.length}`,
          wrapped(wasmDetours),
        ]
      : []),
    ...(machine.freeDisk < 500e6
      ? ["", "Little disk is free: CIFAR-10 needs 185 MB of cache."]
      : []),
  ];
  print(io, lines.join("\n"));
}

async function examine(candidates: readonly BackendCandidate[], io: Io) {
  const tensorflow = await describeTensorflow(io);
  const backends = await inspectBackends({ candidates });
  const works = backends.some(({ available }) => available);
  const auto = works ? await chosenByAuto(candidates) : undefined;
  const disk = statfsSync(existsSync(homedir()) ? homedir() : ".");
  return {
    versions: { bnOnly: version, tfjs, node: process.versions.node },
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpu: cpus()[0]?.model ?? "unknown CPU",
      cores: availableParallelism(),
      memory: totalmem(),
      freeMemory: freemem(),
      freeDisk: disk.bavail * disk.bsize,
    },
    tensorflow,
    backends,
    auto,
    wasmDetours: detouringKernels(),
  };
}

interface AutoChoice {
  readonly name: string;
  /** Of a step of a small network, by the backend's name; empty when nothing was compared. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

async function chosenByAuto(candidates: readonly BackendCandidate[]): Promise<AutoChoice> {
  const { name, milliseconds } = await useBackend("auto", { candidates });
  return { name, milliseconds };
}

function autoLine(choice: AutoChoice | undefined): string {
  if (!choice) return "nothing: no backend works here";
  const times = Object.entries(choice.milliseconds).map(
    ([name, time]) => `${name} ${time.toFixed(1)} ms a step`,
  );
  return times.length === 0 ? choice.name : `${choice.name} (${times.join(", ")})`;
}
