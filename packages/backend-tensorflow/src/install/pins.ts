// Written by scripts/pin-wheels.js; run it to take another version.

/** A wheel that `bn-only backend install tensorflow` takes, and no other. */
export interface PinnedWheel {
  readonly device: "cpu" | "cuda";
  /** As in `process.arch`. */
  readonly arch: string;
  readonly project: string;
  readonly version: string;
  /** Its name on the index, which tells what Python and system it is for. */
  readonly file: string;
  /** Of the file, in hex. */
  readonly sha256: string;
}

export const pinnedWheels: readonly PinnedWheel[] = [
  {
    device: "cpu",
    arch: "x64",
    project: "tensorflow-cpu",
    version: "2.21.0",
    file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  },
];
