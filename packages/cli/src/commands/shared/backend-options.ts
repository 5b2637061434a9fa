import { backendNames } from "@bn-only/trainer";
import type { Command } from "commander";
import { wholeNumber } from "../../options.ts";

/** What a backend takes at most. */
export const MOST_THREADS = 64;

/** `--backend`, `--threads` and `--no-fma`, of every command that runs a network. */
export function addBackendOptions(command: Command, defaultBackend?: string): Command {
  command.option(
    "--backend <name>",
    `${backendNames.join(", ")}, or that of a plugin`,
    defaultBackend,
  );
  return addThreadOptions(command, "all cores");
}

/** `--threads` and `--no-fma`, where the backend itself is not to be chosen. */
export function addThreadOptions(command: Command, otherwise: string): Command {
  return command
    .option(
      "--threads <n>",
      `of wasm and tensorflow (default: ${otherwise})`,
      wholeNumber("--threads", 1, MOST_THREADS),
    )
    .option("--no-fma", "the wasm backend without fused multiply-add");
}
