import type { Parameter } from "@bn-only/frozen-layers";
import type { Tensor } from "@tensorflow/tfjs-core";

/** A copy of the numbers of a parameter that train; the read begins at the call. */
export async function trainedNumbers({
  value,
  trainableIndices,
}: Parameter): Promise<Float32Array> {
  const values = await value.data<"float32">();
  return trainableIndices
    ? Float32Array.from(trainableIndices, (index) => values[index]!)
    : values.slice();
}

/** A tensor's numbers with those at the given positions replaced; all of them without positions. */
export async function replaced(
  value: Tensor,
  numbers: ArrayLike<number>,
  positions: Int32Array | undefined,
): Promise<Float32Array> {
  if (!positions) return Float32Array.from(numbers);
  const all = (await value.data<"float32">()).slice();
  positions.forEach((index, i) => (all[index] = numbers[i]!));
  return all;
}
