import { join } from "node:path";
import type { Network } from "@bn-only/frozen-layers";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { type BatchSource, readModel, rebuildModel, useBackend } from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../backend.ts";
import { loadData, testSource } from "../data/load.ts";
import { withMeasured } from "../data/measured.ts";
import { naming } from "../commands/evaluate/open-model.ts";
import { UsageError } from "../errors.ts";
import type { Io } from "../io.ts";
import { noPlugins } from "../plugins/plugins.ts";
import type { Reporter } from "../progress/reporter.ts";
import { readRegularFile } from "../read-file.ts";
import { runFiles } from "../run/files.ts";
import type { StoredRun } from "./run-store.ts";

/** The network of a run with all that it learned, and the images that it was tested with. */
export interface OpenRun {
  readonly network: Network;
  readonly test: BatchSource;
}

/** @throws ModelFileError for a model that is damaged, UsageError for one that is of another run. */
export async function openRun(
  { folder, run, configuration }: StoredRun,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<OpenRun> {
  const file = join(folder, runFiles.model);
  const model = naming(file, () => readModel(readRegularFile(file)));
  const { architecture, classes, seed } = model.metadata;
  if (architecture !== configuration.network || seed !== configuration.seed) {
    throw new UsageError(
      `${file} is of ${architecture}, seed ${seed}, and its run of ${configuration.network}, seed ${configuration.seed}. Train it again.`,
    );
  }
  await useBackend(
    checkBackendName(configuration.backend, noPlugins),
    backendOptions({ fma: configuration.fma }, noPlugins),
  );
  const own = defineNetwork(configuration.network, { classes });
  const loaded = await loadData(
    { ...configuration, plugins: noPlugins, network: own, signal: io.signal },
    reporter,
  );
  const { test } = await withMeasured(loaded, run.options.normalization);
  const network = await rebuildModel(
    model,
    defineNetwork(architecture, { classes, inputShape: test.shape }),
  );
  return {
    network,
    test: testSource(test, { ...run.options, normalization: run.options.normalization ?? "own" }),
  };
}
