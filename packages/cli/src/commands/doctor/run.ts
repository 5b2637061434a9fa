import { existsSync, statfsSync } from "node:fs";
import { availableParallelism, cpus, freemem, homedir, totalmem } from "node:os";
import { inspectBackends } from "@bn-only/trainer";
import { version_core as tfjs } from "@tensorflow/tfjs-core";
import { describeTensorflow, tensorflowLines } from "@bn-only/backend-tensorflow/install";
import { bytes } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import { version } from "../../version.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";

export interface DoctorCommandOptions extends PluginSelection {
  readonly json?: boolean;
}

/** `bn-only doctor` */
export async function runDoctor({ plugin, json }: DoctorCommandOptions, io: Io): Promise<void> {
  await loadPlugins(plugin);
  const findings = await examine(io);
  if (json) return writeJson(io, findings);
  const { machine, backends, tensorflow, versions } = findings;
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
    `auto chooses ${backends.find(({ available }) => available)?.name ?? "nothing: no backend works here"}.`,
    ...(machine.freeDisk < 500e6 ? ["Little disk is free: CIFAR-10 needs 185 MB of cache."] : []),
  ];
  io.stdout.write(`${lines.join("\n")}\n`);
}

async function examine(io: Io) {
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
    tensorflow: await describeTensorflow(io),
    backends: await inspectBackends(),
  };
}
