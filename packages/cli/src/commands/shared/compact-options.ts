import type { Command } from "commander";
import type { BackendSelection } from "../../backend.ts";
import { pathName } from "../../options.ts";
import { addBackendOptions } from "./backend-options.ts";
import { addDataOptions, type DataSelection } from "./data-options.ts";
import { addPluginOption, type PluginSelection } from "./plugin-option.ts";

/** Of `prune` and `fold`, which write a network with all of its numbers. */
export interface CompactOptions extends DataSelection, BackendSelection, PluginSelection {
  readonly out?: string;
  readonly overwrite?: boolean;
  /** Whether both networks are tested on images. */
  readonly evaluate: boolean;
  readonly json?: boolean;
}

export function addCompactOptions(command: Command, form: string): Command {
  command
    .option(
      "--out <file>",
      `the file to write (default: <network>-${form}.safetensors in this folder)`,
      pathName("--out"),
    )
    .option("--overwrite", "replace a file that exists")
    .option("--no-evaluate", "look at random images only, and test on none");
  addDataOptions(command, { otherwise: "the model's own" });
  return addPluginOption(addBackendOptions(command, "auto")).option(
    "--json",
    "events as objects, the result last",
  );
}
