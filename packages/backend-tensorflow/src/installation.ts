import { cacheFolder } from "@bn-only/files";
import { assertDevice, assertEnvironment, assertFolder } from "./check.ts";

/** Where ops run. */
export type TensorflowDevice = "cpu" | "cuda";

/** What `bn-only backend install tensorflow` wrote down when it had finished. */
export interface TensorflowInstallation {
  /** Another number is another layout, or other ops of ours in the addon. */
  readonly format: 3;
  readonly device: TensorflowDevice;
  /** Version of TensorFlow: `2.21.0`. */
  readonly tensorflow: string;
  /** File name of the wheel that its libraries came from. */
  readonly wheel: string;
  /** Version of tfjs-node: `4.22.0`. */
  readonly tfjsNode: string;
}

/** Inside the folder of an installation. */
export const tensorflowFiles = {
  manifest: "installation.json",
  /** The addon with our BatchNorm in it, built against the libraries below. */
  binding: "lib/tfjs_binding.node",
  /** A small addon that replaces standard error while the other one is loaded. */
  stderr: "lib/stderr.node",
  /** tfjs-node's own package, of which the JavaScript and the addon's source are used. */
  tfjsNode: "tfjs-node",
  /** What was unpacked of the wheels, as Python would have it: `tensorflow/`, `nvidia/`. */
  site: "site",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `tensorflow-cpu` or `tensorflow-cuda` in `BN_ONLY_BACKENDS`, or else in `bn-only/backends` in the
 * user's cache folder: `XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function tensorflowFolder(
  device: TensorflowDevice,
  environment: Environment = process.env,
): string {
  assertDevice(device);
  assertEnvironment(environment);
  const { join, resolve } = process.getBuiltinModule("node:path");
  const backends = environment["BN_ONLY_BACKENDS"] || join(cacheFolder(environment), "backends");
  assertFolder(backends);
  return resolve(backends, `tensorflow-${device}`);
}

/** The installation in a folder; `undefined` where there is none that was finished, or its manifest is damaged. */
export function readInstallation(folder: string): TensorflowInstallation | undefined {
  assertFolder(folder);
  const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");
  const { join } = process.getBuiltinModule("node:path");
  const manifest = join(folder, tensorflowFiles.manifest);
  if (!existsSync(manifest)) return undefined;
  try {
    const installation: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return isInstallation(installation) ? installation : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is a manifest that `readInstallation` does not understand: damaged, or of another version. */
export function isUnreadable(folder: string): boolean {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const { join } = process.getBuiltinModule("node:path");
  return (
    existsSync(join(folder, tensorflowFiles.manifest)) && readInstallation(folder) === undefined
  );
}

function isInstallation(value: unknown): value is TensorflowInstallation {
  const { format, device, tensorflow, wheel, tfjsNode } = Object(value) as Partial<
    Record<keyof TensorflowInstallation, unknown>
  >;
  return (
    format === 3 &&
    (device === "cpu" || device === "cuda") &&
    [tensorflow, wheel, tfjsNode].every((text) => typeof text === "string" && text !== "")
  );
}
