import { parseEvery } from "@bn-only/trainer";
import type { Command } from "commander";
import { UsageError } from "../../errors.ts";

const DEFAULT = "5min";

/** `--checkpoint-every`, of every command that trains. */
export function addCheckpointOption(command: Command): Command {
  return command.option(
    "--checkpoint-every <t>",
    "such as 20steps, 1epoch or 30s, or none",
    parseInterval,
    DEFAULT,
  );
}

function parseInterval(text: string): string {
  try {
    if (text !== "none") parseEvery(text);
  } catch (cause) {
    throw new UsageError(
      `--checkpoint-every must be none, or a count and a unit such as 20steps, 1epoch, 30s or 5min, got "${text}".`,
      { cause },
    );
  }
  return text;
}
