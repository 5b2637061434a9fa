import { UsageError } from "../../errors.ts";
import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { modelFileOf } from "../evaluate/open-model.ts";
import { checkTarget } from "../shared/output-file.ts";
import type { PluginSelection } from "../shared/plugin-option.ts";
import { writeOutput } from "../shared/write-output.ts";
import { turn } from "../../turn.ts";
import { modelCard } from "./card.ts";
import { cardFacts } from "./facts.ts";

export interface CardCommandOptions extends PluginSelection {
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly license?: string;
  readonly json?: boolean;
}

/** Ids of https://huggingface.co/docs/hub/repositories-licenses are words like these. */
export function parseLicense(text: string): string {
  if (/^[a-z0-9][a-z0-9.-]{0,63}$/.test(text)) return text;
  throw new UsageError(
    `--license must be an id in small letters, such as mit, apache-2.0 or cc-by-4.0, got "${text}".`,
  );
}

/** `bn-only card`: what a model is, for those who find it. */
export async function runCard(path: string, options: CardCommandOptions, io: Io): Promise<void> {
  const { out, license, json } = options;
  if (out !== undefined) checkTarget(modelFileOf(path), out, options.overwrite);
  const card = modelCard(await cardFacts(path, options.plugin), license);
  if (out === undefined) await turn(io.signal);
  else await writeOutput(out, card, io.signal);
  if (json) return writeJson(io, { event: "result", ...(out === undefined ? { card } : { out }) });
  print(io, out ?? card.trimEnd());
}
