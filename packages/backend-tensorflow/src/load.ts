import { assertDevice } from "./check.ts";
import { TensorflowError } from "./errors.ts";
import { registerTensorflowKernels } from "./kernels/register.ts";
import { readInstallation, type TensorflowDevice, tensorflowFolder } from "./installation.ts";
import { loadInstallation } from "./load-installation.ts";
import { hasNvidiaDriver } from "./nvidia.ts";
import { quietly } from "./quietly.ts";
import { loadOwn, ownTfjsNode, ownVariable } from "./load-own.ts";

interface Source {
  /** For people. */
  readonly name: string;
  /** Whether its addon was built with our BatchNorm in it. */
  readonly compiledBatchNorm: boolean;
  load(): { usesGpu: boolean };
}

export interface LoadedTensorflow {
  readonly source: string;
  readonly usesGpu: boolean;
}

/** One process can hold one TensorFlow: the first that was loaded. */
let loaded: LoadedTensorflow | undefined;
let loadedThreads: number | undefined;

/**
 * Loads the tfjs-node that `BN_ONLY_TFJS_NODE` names, or else what `bn-only backend install tensorflow` made,
 * and registers our kernels for it.
 *
 * @throws TensorflowError when there is none or none can be loaded; the message says what to do.
 */
export function loadTensorflow(device: TensorflowDevice, threads?: number): LoadedTensorflow {
  if (!loaded) {
    loaded = loadFirst(findSources(device), device, threads);
    loadedThreads = threads;
  } else if (threads !== undefined && threads !== loadedThreads) {
    const before = loadedThreads === undefined ? "without a number of" : `with ${loadedThreads}`;
    throw new TensorflowError(
      `this process has loaded TensorFlow ${before} threads; ${threads} threads need a process of their own`,
    );
  }
  return loaded;
}

/** What `loadTensorflow` would load first, found without loading it; undefined where there is nothing. */
export function findTensorflow(device: TensorflowDevice): string | undefined {
  assertDevice(device);
  if (device === "cuda" && !hasNvidiaDriver()) return undefined;
  return findSources(device)[0]?.name;
}

function findSources(device: TensorflowDevice): Source[] {
  const own = ownTfjsNode();
  // What the user named is used or complained about; nothing stands in for it.
  if (own?.device === device) {
    return [
      {
        name: `your ${own.name} in ${own.folder}`,
        compiledBatchNorm: false,
        load: () => loadOwn(own.folder),
      },
    ];
  }
  // The wheel with CUDA runs on a CPU as well.
  const devices: TensorflowDevice[] = device === "cpu" ? ["cpu", "cuda"] : ["cuda"];
  return devices.map(installationSource).filter((source) => source !== undefined);
}

function loadFirst(
  sources: readonly Source[],
  device: TensorflowDevice,
  threads: number | undefined,
): LoadedTensorflow {
  const reasons: string[] = [];
  for (const source of sources) {
    const before = { ...process.env };
    try {
      prepareEnvironment(device, threads);
      const { usesGpu } = source.load();
      registerTensorflowKernels({ compiledBatchNorm: source.compiledBatchNorm && !usesGpu });
      return { source: source.name, usesGpu };
    } catch (error) {
      restoreEnvironment(before);
      const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
      reasons.push(`${source.name} cannot be loaded (${reason})`);
    }
  }
  const command = `bn-only backend install tensorflow${device === "cuda" ? " --cuda" : ""}`;
  if (reasons.length === 0) {
    throw new TensorflowError(
      `not installed; run "${command}", or name the folder of a tfjs-node of your own in ${ownVariable}`,
    );
  }
  const advice =
    ownTfjsNode()?.device === device ? `repair it or unset ${ownVariable}` : `run "${command}"`;
  throw new TensorflowError(`${reasons.join("; ")}; ${advice}`);
}

function installationSource(device: TensorflowDevice): Source | undefined {
  const logWanted = ["0", "1"].includes(process.env["TF_CPP_MIN_LOG_LEVEL"] ?? "");
  const folder = tensorflowFolder(device);
  const installation = readInstallation(folder);
  if (installation === undefined) return undefined;
  return {
    name: `TensorFlow ${installation.tensorflow} in ${folder}`,
    compiledBatchNorm: true,
    load: () =>
      logWanted ? loadInstallation(folder) : quietly(folder, () => loadInstallation(folder)),
  };
}

/** Read by TensorFlow when its libraries are loaded. What the user has set stays. */
function prepareEnvironment(device: TensorflowDevice, threads: number | undefined): void {
  const { env } = process;
  if (threads !== undefined) env["TF_NUM_INTRAOP_THREADS"] = String(threads);
  env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // Otherwise TensorFlow takes all memory of the GPU at once.
  env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
  if (device === "cpu") env["CUDA_VISIBLE_DEVICES"] = "-1";
}

const variables = [
  "TF_NUM_INTRAOP_THREADS",
  "TF_CPP_MIN_LOG_LEVEL",
  "TF_FORCE_GPU_ALLOW_GROWTH",
  "CUDA_VISIBLE_DEVICES",
];

/** What did not load hides no GPU from what is loaded later, nor takes its threads. */
function restoreEnvironment(before: NodeJS.ProcessEnv): void {
  for (const name of variables) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
}
