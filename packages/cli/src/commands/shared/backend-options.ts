import { backendNames } from "@bn-only/trainer";
import type { Command } from "commander";
import { wholeNumber } from "../../options.ts";

/** `--backend`, `--threads` and `--no-fma`, of every command that runs a network. */
export function addBackendOptions(command: Command, defaultBackend?: string): Command {
  return command
    .option("--backend <name>", `${backendNames.join(", ")}, or that of a plugin`, defaultBackend)
    .option(
      "--threads <n>",
      "of wasm and tensorflow (default: all cores)",
      wholeNumber("--threads", 1),
    )
    .option("--no-fma", "the wasm backend without fused multiply-add");
}
