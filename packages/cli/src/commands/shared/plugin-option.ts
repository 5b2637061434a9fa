import type { Command } from "commander";

export interface PluginSelection {
  /** Packages and files, as they were named. */
  readonly plugin?: readonly string[];
}

/** `--plugin`, any number of times. */
export function addPluginOption(command: Command): Command {
  return command.option(
    "--plugin <module>",
    "a package or file that exports architectures, datasets or backends; can be repeated",
    (module: string, before: readonly string[] = []) => [...before, module],
  );
}
