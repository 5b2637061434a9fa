import { countScalars, type Network } from "@bn-only/frozen-layers";
import { ModelFileError, saveDenseModel, useBackend } from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../../backend.ts";
import { imageSize } from "../../data/shape.ts";
import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter } from "../../progress/reporter.ts";
import { modelFileOf, withLossOf } from "../evaluate/open-model.ts";
import { type OpenedNetwork, openNetwork } from "../evaluate/open-network.ts";
import { loadTestData, testRequest } from "../evaluate/test-data.ts";
import { type Comparison, compareNetworks } from "./compare-networks.ts";
import type { CompactOptions } from "./compact-options.ts";
import { changes, type Sizes, writtenFile } from "./compact-report.ts";
import { checkTarget } from "./output-file.ts";
import { writeOutput } from "./write-output.ts";

/** What a command makes of a network, and what it says about that. */
export interface Compacted {
  readonly network: Network;
  /** Notes of the file. */
  readonly notes: Readonly<Record<string, string>>;
  /** Fields of the result of `--json`. */
  readonly result: Readonly<Record<string, unknown>>;
  /** Lines for people, above the comparison. */
  readonly lines: readonly string[];
  /** What to try where the new network is slower. */
  readonly ifSlower?: string | undefined;
}

/**
 * Opens a model, makes a smaller or simpler network of it, compares the two and writes the new one.
 *
 * @param form of the file's name: `pruned`
 * @throws UsageError before anything is computed, for what cannot be read, tested or written.
 */
export async function compact(
  path: string,
  form: string,
  make: (network: Network) => Promise<Compacted>,
  { options, io }: { readonly options: CompactOptions; readonly io: Io },
): Promise<void> {
  const opened = await openNetwork(modelFileOf(path), options.plugin);
  const { architecture } = opened;
  const out = options.out ?? `${architecture.replaceAll(/[^\w.-]/g, "_")}-${form}.safetensors`;
  checkTarget(opened.file, out, options.overwrite);
  const request = options.evaluate ? testRequest(opened, options) : undefined;
  const backendName = checkBackendName(options.backend, opened.plugins);
  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(backendName, backendOptions(options, opened.plugins));
    reporter.line(`backend: ${backend.description}`);
    for (const warning of opened.warnings) reporter.line(`${opened.file}: ${warning}`);
    const data = request && (await loadTestData(request, opened, { io, reporter }));
    const before = await opened.rebuild(data?.images.shape);
    const { network: after, notes, result, lines, ifSlower } = await make(before);
    const tested = data && { dataset: request.dataset, size: data.images.labels.length };
    const comparison = await compareNetworks(before, after, data?.source, io.signal).catch(
      (error: unknown) => {
        throw withLossOf(opened.file, error);
      },
    );
    assertFinite(opened, comparison);
    const file = await saveDenseModel(after, {
      ...notesOf(opened, comparison, tested),
      form,
      ...notes,
    });
    await writeOutput(out, file, io.signal);
    const sizes: Sizes = {
      parameters: [countScalars(before.parameters), countScalars(after.parameters)],
      macs: [before.macs, after.macs],
      bytes: [denseBytes(before), denseBytes(after)],
    };
    reporter.close();
    if (options.json) {
      const event = { event: "result", out, model: opened.file, network: architecture };
      return writeJson(io, { ...event, ...result, ...sizes, ...comparison, backend: backend.name });
    }
    const [speedBefore, speedAfter] = comparison.imagesPerSecond;
    const hint = ifSlower !== undefined && speedAfter < speedBefore ? [ifSlower] : [];
    const comparing = [changes(sizes, comparison), ...hint, "", writtenFile(out, opened, file)];
    const report = [...lines, "", ...comparing];
    print(io, ["", ...report].join("\n"));
  } finally {
    reporter.close();
  }
}

/** @throws ModelFileError for a network whose numbers overflow, of which nothing can be said. */
function assertFinite({ file }: OpenedNetwork, { largestDifference }: Comparison): void {
  if (Number.isFinite(largestDifference)) return;
  throw new ModelFileError(
    `${file}: the network's outputs are not finite numbers. Copy or train it again.`,
  );
}

/** What still holds of the notes; of a network that was tested here on its own data set its own accuracy. */
function notesOf(
  { architecture, seed, notes, inputShape }: OpenedNetwork,
  { accuracy, loss }: Comparison,
  tested: { readonly dataset: string; readonly size: number } | undefined,
): Record<string, string> {
  const { testAccuracy: _accuracy, testLoss: _loss, ...others } = notes;
  const own = tested !== undefined && tested.dataset === notes["dataset"];
  return {
    architecture,
    inputShape: imageSize(inputShape),
    ...(seed !== undefined && { seed: String(seed) }),
    ...others,
    ...(own &&
      accuracy &&
      loss && {
        testAccuracy: String(accuracy[1]),
        testLoss: String(loss[1]),
        testSize: String(tested.size),
      }),
  };
}

/** All numbers of a network in float32, without the header of a file. */
function denseBytes({ parameters, buffers }: Network): number {
  return 4 * [...parameters, ...buffers].reduce((sum, { size }) => sum + size, 0);
}
