import type { TensorflowDevice } from "../installation.ts";
import type { ProgramOptions } from "./program.ts";

/** What all steps of an installation share. */
export interface InstallContext extends Pick<ProgramOptions, "env" | "signal"> {
  readonly device: TensorflowDevice;
  /** A Python 3 with pip. */
  readonly python: string;
  /** What is finished in there is not done again. */
  readonly folder: string;
  /** One line for people. */
  say(text: string): void;
}
