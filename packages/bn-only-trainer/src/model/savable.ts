import type { Network } from "@bn-only/frozen-layers";
import { assertNetwork } from "../check.ts";
import { ModelFileError } from "../errors.ts";
import { sizeOf } from "./creation.ts";
import { isTooLarge, MAXIMUM_IMAGE, MAXIMUM_PARAMETERS } from "./limits.ts";
import { formatMetadata, type ModelMetadata } from "./metadata.ts";
import { isSeedless } from "./seedless.ts";

/**
 * Whether `saveModel` will take a network, whatever its numbers will be: to be asked before a training, not after it.
 *
 * @throws ModelFileError for a network that follows from no seed, such as a pruned or folded one; for one that is larger than
 * a file may ask for, or has larger images; and for notes that are not text or have the name of a field of the file.
 */
export function assertSavable(
  network: Network,
  notes: Readonly<Record<string, string>> = {},
): void {
  assertNetwork("saveModel", network);
  const { name, inputShape, parameters } = network;
  if (isSeedless(network)) {
    throw new ModelFileError(
      `saveModel: this ${name} was pruned, folded or read from a file with all of its numbers, so that no seed gives it. ` +
        `Save it with saveDenseModel.`,
    );
  }
  if (isTooLarge(inputShape)) {
    throw new ModelFileError(
      `saveModel: ${name} is for images of ${sizeOf(inputShape)}, a file may ask for ${MAXIMUM_IMAGE} numbers in one. ` +
        `Use smaller images.`,
    );
  }
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  if (size > MAXIMUM_PARAMETERS) {
    throw new ModelFileError(
      `saveModel: ${name} has ${size} parameters, a file may ask for ${MAXIMUM_PARAMETERS}. Use a smaller network.`,
    );
  }
  formatMetadata({ ...metadataOf(network, notes), fingerprint: "0".repeat(64) });
}

/** What the file will say of a network, but for the fingerprint, which takes a while. */
export function metadataOf(
  { name: architecture, classes, inputShape, seed, initialization }: Network,
  notes: Readonly<Record<string, string>>,
): Omit<ModelMetadata, "fingerprint"> {
  return { architecture, classes, inputShape, seed, initialization, notes };
}
