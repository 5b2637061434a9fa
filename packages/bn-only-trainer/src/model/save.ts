import {
  fingerprint,
  type Network,
  type Parameter,
  type RunningStatistic,
} from "@bn-only/frozen-layers";
import { ModelFileError } from "../errors.ts";
import { trainedOf } from "../partial-values.ts";
import { withChecksum } from "./checksum.ts";
import { problemOf } from "./fits.ts";
import { differingPositions, INDICES } from "./indices.ts";
import { formatMetadata } from "./metadata.ts";
import { assertSavable, metadataOf } from "./savable.ts";
import { encodeSafetensors, type StoredTensor } from "./safetensors.ts";

/**
 * The bytes of a `.safetensors` file: a seed, every BatchNorm, and whatever else has not the bits that the seed
 * gives, however it came to have others. Draws the network's weights once more to know.
 *
 * @throws ModelFileError as `assertSavable`, and when a value is none that a network may be restored to.
 */
export async function saveModel(
  network: Network,
  notes: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  assertSavable(network, notes);
  const { seed, initialization } = network;
  const tensors = new Map<string, StoredTensor>();
  const partial = new Map<string, Int32Array>();
  const derived: Parameter[] = [];
  for (const parameter of network.parameters) {
    const { path, shape, role, size } = parameter;
    const values = await parameter.value.data<"float32">();
    assertStorable(parameter, values);
    const positions = role.startsWith("bn.")
      ? undefined
      : differingPositions(values, parameter.initialValues(seed, initialization));
    if (positions === undefined || positions.length * 2 >= size) {
      tensors.set(path, { shape, values });
      continue;
    }
    derived.push(parameter);
    if (positions.length === 0) continue;
    partial.set(path, positions);
    const part = [positions.length];
    tensors.set(path, { shape: part, values: trainedOf(values, positions) });
    tensors.set(path + INDICES, { shape: part, values: positions });
  }
  for (const buffer of network.buffers) {
    const values = await buffer.value.data<"float32">();
    assertStorable(buffer, values);
    tensors.set(buffer.path, { shape: buffer.shape, values });
  }
  const metadata = formatMetadata({
    ...metadataOf(network, notes),
    fingerprint: await fingerprint(derived, partial),
  });
  return encodeSafetensors(withChecksum({ metadata, tensors }));
}

function assertStorable({ path, role }: Parameter | RunningStatistic, values: Float32Array): void {
  const problem = problemOf(role, values);
  if (problem === undefined) return;
  throw new ModelFileError(
    `saveModel: "${path}" holds ${problem}, which no network ` +
      `could be restored to. Train with a lower learning rate, or restore an earlier checkpoint.`,
  );
}
