import type { AnyImageDataset } from "@bn-only/datasets";
import type { BatchSource } from "@bn-only/trainer";
import { checkDatasetName, loadData, type TestImages, testSource } from "../../data/load.ts";
import { measuredFrom } from "../../data/measured.ts";
import type { NormalizationName } from "../../data/normalization.ts";
import { UsageError } from "../../errors.ts";
import { plural } from "../../format.ts";
import type { Io } from "../../io.ts";
import type { Reporter } from "../../progress/reporter.ts";
import type { DataSelection } from "../shared/data-options.ts";
import { assertFewImages, dataOf } from "./notes.ts";
import type { OpenedNetwork } from "./open-network.ts";

/** What a model is tested with: what is not given is taken from its notes. */
export interface TestRequest extends DataSelection, TestImages {
  readonly dataset: string;
  readonly seed: number;
  readonly normalization: NormalizationName;
  /** The model file whose note gives the test size, where nobody else does. */
  readonly testedBy: string | undefined;
}

export interface TestData {
  readonly images: AnyImageDataset;
  readonly source: BatchSource;
}

/** @throws UsageError for data that do not exist, or that a file may not ask for. */
export function testRequest(opened: OpenedNetwork, options: DataSelection): TestRequest {
  const testedBy = options.testSize === undefined ? opened.file : undefined;
  const request = { ...dataOf(opened.notes, options), ...options, testedBy };
  checkDatasetName(request.dataset, opened.plugins);
  const shape = request.inputShape ?? opened.inputShape;
  assertFewImages(request.dataset, request.testSize, shape);
  return request;
}

/** @throws UsageError for images with other channels than the network's; and as `loadData`. */
export async function loadTestData(
  request: TestRequest,
  opened: OpenedNetwork,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<TestData> {
  const { plugins, file, inputShape, notes } = opened;
  const loaded = await loadData(
    { ...request, plugins, network: opened, signal: io.signal },
    reporter,
  );
  assertChannels(file, inputShape, loaded.test);
  const test =
    request.normalization === "measured"
      ? { ...loaded.test, normalization: measuredFrom(file, notes, inputShape[2]!) }
      : loaded.test;
  return { images: test, source: testSource(test, request) };
}

/** A network convolves images of any size, but its first kernel has the channels that it was drawn for. */
function assertChannels(
  file: string,
  inputShape: readonly number[],
  { name, shape }: Pick<AnyImageDataset, "name" | "shape">,
): void {
  if (shape[2] === inputShape[2]) return;
  throw new UsageError(
    `${file} is of a network for images of ${plural(inputShape[2]!, "channel")}, those of ${name} have ${shape[2]}. ` +
      `Choose other data with --dataset.`,
  );
}
