import { readImages, subset } from "@bn-only/datasets";
import { countParameters } from "@bn-only/frozen-layers";
import { describeNetwork } from "@bn-only/resnet-zoo";
import {
  disabledShare,
  evaluate,
  gammaValues,
  saveModel,
  type TrainResult,
} from "@bn-only/trainer";
import { testSource } from "../data/load.ts";
import { measuredNotes } from "../data/measured.ts";
import type { Plugins } from "../plugins/plugins.ts";
import { writeReport } from "../report/write.ts";
import type { ResultEvent } from "../result.ts";
import { runFiles } from "../run/files.ts";
import type { RunFolder } from "../run/folder.ts";
import { type ReportRecord, shortNumbers } from "../run/record.ts";
import { shownImages } from "../run/shown-images.ts";
import type { PreparedRun } from "./prepare.ts";

/** Images that the report shows with their predictions. */
const SHOWN_IMAGES = 40;

export interface FinishContext {
  readonly folder: RunFolder;
  readonly plugins: Plugins;
  readonly prepared: PreparedRun;
  readonly gammaBefore: Float32Array;
}

export interface FinishedTraining {
  readonly event: ResultEvent;
  readonly record: ReportRecord;
  /** Share of `|gamma| < 0.01`. */
  readonly disabled: number;
}

/**
 * Writes the model file, what the report shows, the result and the report, and puts all of it in the place of an
 * earlier run. Only a model that cannot be written is an error.
 */
export async function finishRun(
  result: TrainResult,
  context: FinishContext,
): Promise<FinishedTraining> {
  const { folder, prepared } = context;
  const { options, network, backend } = prepared;
  const model = await saveModel(network, modelNotes(result, context));
  folder.write(runFiles.model, model);
  const gammaAfter = await gammaValues(network);
  const record = await recordOf(gammaAfter, context);
  folder.attempt(runFiles.record, () =>
    folder.write(runFiles.record, `${JSON.stringify(record)}\n`),
  );
  const event: ResultEvent = {
    event: "result",
    testAccuracy: result.testAccuracy!,
    testLoss: result.testLoss!,
    trainableParameters: result.trainableParameters,
    totalParameters: result.totalParameters,
    modelBytes: model.length,
    seconds: result.seconds,
    imagesPerSecond: result.imagesPerSecond,
    backend: backend.name,
    seed: options.seed,
    network: network.name,
    condition: options.condition,
    out: folder.out,
  };
  // A run that says that it has finished has its metrics, unless a full disk must have room for that first.
  if (!folder.waits) folder.appendWaiting();
  folder.setStatus("finished", { result: event });
  if (folder.waits) folder.appendWaiting();
  if (options.report) writePage(folder);
  const missing = folder.missing();
  folder.commit();
  return {
    event: missing.length > 0 ? { ...event, missing } : event,
    record,
    disabled: disabledShare(gammaAfter),
  };
}

/** The page is made of the folder's files, so it misses where one of them does. */
function writePage(folder: RunFolder): void {
  const { record, report } = runFiles;
  const whole = !folder.missing().includes(record);
  folder.attempt(report, () => {
    if (!whole) throw Object.assign(new Error(`${record} is missing`), { code: "ENOENT" });
    writeReport(folder.path);
  });
}

/** All that `bn-only evaluate` needs to test the model as it was tested here. */
function modelNotes(
  { testAccuracy, testLoss }: TrainResult,
  { plugins, prepared: { options, splits } }: FinishContext,
): Record<string, string> {
  return {
    condition: options.condition,
    dataset: options.dataset,
    dataSeed: String(options.seed),
    normalization: options.normalization,
    ...(options.normalization === "measured" && measuredNotes(splits.train.normalization!)),
    ...(options.augmentation && { augmentation: options.augmentation }),
    classNames: JSON.stringify(splits.train.classes),
    testSize: String(splits.test.labels.length),
    testAccuracy: String(testAccuracy),
    testLoss: String(testLoss),
    ...(plugins.modules.length > 0 && { plugins: JSON.stringify(plugins.modules) }),
  };
}

async function recordOf(
  gammaAfter: Float32Array,
  { plugins, prepared, gammaBefore }: FinishContext,
): Promise<ReportRecord> {
  const { network, splits } = prepared;
  const { published } = describeNetwork(network.name, { architectures: plugins.architectures });
  return {
    network: {
      macs: network.macs,
      batchNormParameters: countParameters(network.parameters).batchNorm,
      ...(published && { published }),
    },
    classes: splits.test.classes,
    trainImages: splits.train.labels.length,
    gammaBefore: shortNumbers(gammaBefore),
    gammaAfter: shortNumbers(gammaAfter),
    ...(await firstImages(prepared)),
  };
}

/** A run has finished, also where its images cannot be read or tested any more. */
async function firstImages({
  options,
  network,
  splits,
}: PreparedRun): Promise<Pick<ReportRecord, "shown" | "notShown">> {
  try {
    const count = Math.min(SHOWN_IMAGES, splits.test.labels.length);
    const first = subset(splits.test, count);
    const shown = "files" in first ? await readImages(first) : first;
    const { predictions } = await evaluate(network, testSource(first, options));
    return { shown: shownImages(shown, predictions) };
  } catch (error) {
    return { shown: [], notShown: error instanceof Error ? error.message : String(error) };
  }
}
