import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  isUnreadable,
  readInstallation,
  type TensorflowDevice,
  type TensorflowInstallation,
  tensorflowFolder,
} from "../installation.ts";
import { assertEnvironment, assertThat } from "../check.ts";
import type { InstallContext } from "./context.ts";
import { hasNvidiaDriver } from "../nvidia.ts";
import { tryOut } from "./try-out.ts";

/** What `describeTensorflow` found: finished installations, damaged ones, and NVIDIA GPUs. */
export interface TensorflowFindings {
  readonly installations: readonly (TensorflowInstallation & { readonly folder: string })[];
  /** Folders whose manifest is damaged, or of another version of bn-only. */
  readonly unreadable: readonly string[];
  /** `undefined` where no TensorFlow works. */
  readonly oneDnn: boolean | undefined;
  /** GPU and driver, a line each, as nvidia-smi gives them. */
  readonly gpus: readonly string[];
}

/** What `doctor` tells of native TensorFlow and CUDA. */
export async function describeTensorflow(
  machine: Pick<InstallContext, "env" | "signal">,
): Promise<TensorflowFindings> {
  const { env, signal } = Object(machine) as Partial<typeof machine>;
  assertEnvironment(env);
  assertThat(signal instanceof AbortSignal, "signal", "an AbortSignal", signal);
  const devices: TensorflowDevice[] = ["cpu", "cuda"];
  const installations = devices.flatMap((device) => {
    const folder = tensorflowFolder(device, machine.env);
    const installation = readInstallation(folder);
    return installation ? [{ ...installation, folder }] : [];
  });
  const working =
    installations.length > 0 ? await tryOut("cpu", machine).catch(() => undefined) : undefined;
  const unreadable = devices
    .map((device) => tensorflowFolder(device, machine.env))
    .filter((folder) => isUnreadable(folder));
  return { installations, unreadable, oneDnn: working?.oneDnn, gpus: await listGpus() };
}

async function listGpus(): Promise<string[]> {
  if (!hasNvidiaDriver()) return [];
  const query = ["--query-gpu=name,driver_version", "--format=csv,noheader"];
  try {
    const { stdout } = await promisify(execFile)("nvidia-smi", query, { timeout: 10_000 });
    return stdout.trim().split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * Findings for people: a line for each installation, each damaged folder and each GPU, and a command where
 * there is a GPU but no TensorFlow for CUDA. Empty where nothing was found.
 *
 * @throws TensorflowError for what `describeTensorflow` does not give.
 */
export function tensorflowLines(findings: TensorflowFindings): string[] {
  assertFindings(findings);
  const { installations, unreadable, oneDnn, gpus } = findings;
  const oneDnnState = oneDnn === undefined ? "not working" : `oneDNN ${oneDnn ? "on" : "off"}`;
  return [
    ...installations.map(
      // The first is the one that was tried.
      ({ tensorflow, device, tfjsNode, wheel, folder }, i) =>
        `TensorFlow ${tensorflow} for ${device}, ${i === 0 ? `${oneDnnState}, ` : ""}tfjs-node ${tfjsNode}, from ${wheel}, in ${folder}`,
    ),
    ...unreadable.map(
      (folder) =>
        `What is installed in ${folder} is damaged, or of another version of bn-only: ` +
        `bn-only backend install tensorflow${folder.endsWith("cuda") ? " --cuda" : ""} makes it anew`,
    ),
    ...gpus.map((gpu) => `GPU ${gpu.replace(", ", ", driver ")}`),
    ...(gpus.length > 0 && !installations.some(({ device }) => device === "cuda")
      ? ["To use it: bn-only backend install tensorflow --cuda"]
      : []),
  ];
}

function assertFindings(findings: unknown): void {
  const { installations, unreadable, gpus } = Object(findings) as Record<string, unknown>;
  const isText = (value: unknown): boolean => typeof value === "string";
  const fits =
    Array.isArray(installations) &&
    installations.every((one) => typeof one === "object" && one !== null) &&
    [unreadable, gpus].every((lines) => Array.isArray(lines) && lines.every(isText));
  assertThat(fits, "tensorflowLines: findings", "what describeTensorflow gives", findings);
}
