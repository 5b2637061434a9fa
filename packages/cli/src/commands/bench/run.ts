import { availableParallelism } from "node:os";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { useBackend } from "@bn-only/trainer";
import { backend as currentBackend, memory } from "@tensorflow/tfjs-core";
import { backendOptions, checkBackendName } from "../../backend.ts";
import { bytes, count } from "../../format.ts";
import type { Io } from "../../io.ts";
import { loadPlugins } from "../../plugins/load.ts";
import { writeJson } from "../../progress/json.ts";
import type { BenchCommandOptions } from "./options.ts";
import { print } from "../../print.ts";
import { Profile, type ProfileRow } from "./profile.ts";
import { timeSteps } from "./time-steps.ts";

/** The last line of `bench --json`. */
export interface BenchEvent {
  readonly event: "result";
  readonly network: string;
  readonly condition: string;
  readonly evaluation: boolean;
  readonly batchSize: number;
  readonly steps: number;
  readonly msPerStep: { readonly min: number; readonly median: number };
  /** By the median. */
  readonly imagesPerSecond: number;
  /** The most that tensors and scratch memory needed at once; null where the backend does not know. */
  readonly peakBytes: number | null;
  readonly threads: number;
  readonly backend: string;
  readonly description: string;
  /** With `--profile`. */
  readonly profile?: readonly ProfileRow[];
}

/** `bn-only bench`: training steps on random images, timed. */
export async function runBench(options: BenchCommandOptions, io: Io): Promise<void> {
  const plugins = await loadPlugins(options.plugin);
  const backendName = checkBackendName(options.backend, plugins);
  const definition = defineNetwork(options.network, {
    architectures: plugins.architectures,
    checkpointedStages: options.checkpointedStages,
  });
  const chosen = await useBackend(backendName, backendOptions(options, plugins));
  const profile = options.profile ? new Profile(chosen.name) : undefined;
  const steps = await timeSteps(options, definition, io, profile);
  const times = steps.toSorted((a, b) => a - b);
  const median = times[times.length >> 1]!;
  const { peakBytes = null } = memory() as { peakBytes?: number };
  const result: BenchEvent = {
    event: "result",
    network: options.network,
    condition: options.condition,
    evaluation: options.evaluation ?? false,
    batchSize: options.batchSize,
    steps: options.steps,
    msPerStep: { min: times[0]!, median },
    imagesPerSecond: (1000 * options.batchSize) / median,
    peakBytes,
    threads: threadsOf(chosen.name, options.threads),
    backend: chosen.name,
    description: chosen.description,
    ...(profile && { profile: profile.rows(steps) }),
  };
  if (options.json) return writeJson(io, result);
  const what = options.evaluation ? "evaluation" : `condition ${options.condition}`;
  print(
    io,
    `${options.network}, ${what}, batch ${options.batchSize}, ${chosen.description}\n` +
      `${result.msPerStep.min.toFixed(1)} ms a step at best, ${median.toFixed(1)} ms in the median of ${options.steps}; ` +
      `${count(Math.round(result.imagesPerSecond))} images/s` +
      `${peakBytes === null ? "" : `; ${bytes(peakBytes)} at the peak`}` +
      `${profile ? `\n\n${profile.table(steps)}` : ""}`,
  );
}

/** Threads that compute; TensorFlow's default is all cores. */
function threadsOf(name: string, wanted: number | undefined): number {
  if (name === "tensorflow") {
    return wanted ?? (Number(process.env["TF_NUM_INTRAOP_THREADS"]) || availableParallelism());
  }
  return (currentBackend() as { threads?: number }).threads ?? 1;
}
