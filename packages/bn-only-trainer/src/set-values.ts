import { disposingOnError, type Parameter, type RunningStatistic } from "@bn-only/frozen-layers";
import { tensor } from "@tensorflow/tfjs-core";

/**
 * Gives parameters and running statistics their values: all of them, or none where the memory is full.
 *
 * @throws OutOfMemoryError of the backend; nothing has changed then.
 */
export function setValues(values: ReadonlyMap<Parameter | RunningStatistic, Float32Array>): void {
  const made = disposingOnError(() =>
    Array.from(values, ([state, numbers]) => ({
      state,
      value: tensor(numbers, [...state.shape], "float32"),
    })),
  );
  for (const { state, value } of made) state.set(value);
}
