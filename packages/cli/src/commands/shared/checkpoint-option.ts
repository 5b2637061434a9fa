import { parseEvery } from "@bn-only/trainer";
import type { Command } from "commander";
import { UsageError } from "../../errors.ts";

/** `--checkpoint-every`, of every command that trains. */
export function addCheckpointOption(command: Command, defaultInterval?: string): Command {
  const unlessGiven = defaultInterval === undefined ? " (default: as in the run)" : "";
  return command.option(
    "--checkpoint-every <t>",
    `when to write a checkpoint: 20steps, 1epoch, 30s and the like, or none${unlessGiven}`,
    parseInterval,
    defaultInterval,
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
