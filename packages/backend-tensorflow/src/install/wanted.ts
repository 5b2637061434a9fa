import type { TensorflowDevice } from "../installation.ts";
import { BackendInstallError } from "../errors.ts";
import { type PinnedWheel, pinnedWheels } from "./pins.ts";

/** The version that is installed unless another is asked for. */
export const pinnedVersion = pinnedWheels[0]!.version;

/** Which TensorFlow to install. */
export interface WantedTensorflow {
  /** `tensorflow-cpu`, or `tensorflow` on arm64 and with CUDA. */
  readonly project: string;
  readonly version: string;
  /** The wheels that are taken, byte for byte; undefined where pip's index is trusted. */
  readonly pins: readonly PinnedWheel[] | undefined;
}

export interface WantedOptions {
  readonly device: TensorflowDevice;
  readonly arch: string;
  /** Default: the pinned one. */
  readonly version?: string | undefined;
  /** Take what pip's index offers of this version, without knowing its hash. Default false. */
  readonly unverified?: boolean | undefined;
  /** Default: those of `pins.ts`. */
  readonly pins?: readonly PinnedWheel[] | undefined;
}

/**
 * A wheel is code. What is installed is a file whose SHA-256 is known here, unless the user says that
 * he trusts the index.
 *
 * @throws BackendInstallError for what is no version of TensorFlow 2, and where no hash is known.
 */
export function wantedTensorflow({
  device,
  arch,
  version = pinnedVersion,
  unverified = false,
  pins = pinnedWheels,
}: WantedOptions): WantedTensorflow {
  if (!/^2\.\d{1,3}\.\d{1,3}$/.test(version)) {
    throw new BackendInstallError(
      `--tensorflow: expected a version of TensorFlow 2, such as ${pinnedVersion}, got ${JSON.stringify(version)}.`,
    );
  }
  const project = device === "cuda" || arch === "arm64" ? "tensorflow" : "tensorflow-cpu";
  if (unverified) return { project, version, pins: undefined };
  const known = pins.filter((pin) => pin.device === device && pin.arch === arch);
  if (known.some((pin) => pin.project === project && pin.version === version)) {
    return { project, version, pins: known };
  }
  const what = `TensorFlow ${version} ${device === "cuda" ? "with CUDA" : "for the CPU"} on ${arch}`;
  throw new BackendInstallError(
    `bn-only knows no hash of ${what}. Add --unverified to take exactly this version as pip's index offers it, ` +
      `if you trust that index${known.length > 0 ? `, or install ${known[0]!.version}, whose hash is known` : ""}.`,
  );
}
