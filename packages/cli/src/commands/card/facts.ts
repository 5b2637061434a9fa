import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { readFileSync, statSync } from "node:fs";
import { countParameters } from "@bn-only/frozen-layers";
import { disabledShare, gammaValues, useBackend } from "@bn-only/trainer";
import { objectOf, optional, text } from "../../run/shape.ts";
import { UsageError } from "../../errors.ts";
import { checkOptions } from "../../training/check-options.ts";
import { readRunFile } from "../../run/read.ts";
import type { RunFile } from "../../run/record.ts";
import { runFiles } from "../../run/files.ts";
import { modelFileOf } from "../evaluate/open-model.ts";
import { type OpenedNetwork, openNetwork } from "../evaluate/open-network.ts";

/** What a model card says. */
export interface CardFacts {
  readonly opened: OpenedNetwork;
  /** Of the model file, without its folder. */
  readonly fileName: string;
  /** Of the model file, in hex. */
  readonly sha256: string;
  readonly parameters: number;
  readonly batchNormParameters: number;
  readonly macs: number;
  /** Share of `|gamma| < 0.01`; undefined where there is no gamma. */
  readonly disabled: number | undefined;
  /** Of a run folder that names its model. */
  readonly run: RunFile | undefined;
}

/** @throws UsageError and ModelFileError as `openNetwork`, and for a run folder that is damaged. */
export async function cardFacts(
  path: string,
  plugin: readonly string[] | undefined,
): Promise<CardFacts> {
  const file = modelFileOf(path);
  const opened = await openNetwork(file, plugin);
  const run = statSync(path).isDirectory() ? readRunFile(path) : undefined;
  if (run) assertRun(join(path, runFiles.run), run);
  // Any backend holds the same numbers; this one has nothing to start.
  await useBackend("cpu");
  const network = await opened.rebuild();
  try {
    const gamma = await gammaValues(network);
    const { total, batchNorm } = countParameters(network.parameters);
    return {
      opened,
      fileName: basename(file),
      sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
      parameters: total,
      batchNormParameters: batchNorm,
      macs: network.macs,
      disabled: gamma.length === 0 ? undefined : disabledShare(gamma),
      run,
    };
  } finally {
    network.dispose();
  }
}

const runShape = objectOf({
  started: text,
  versions: objectOf({ bnOnly: text, tfjs: text, node: text }),
  result: optional(objectOf({ backend: text })),
});

function assertRun(file: string, run: RunFile): void {
  checkOptions(file, run.options);
  const wrong = runShape(run);
  if (wrong === undefined) return;
  throw new UsageError(
    `${file} is damaged or of another version at ${wrong}. Name the model.safetensors in its folder instead.`,
  );
}
