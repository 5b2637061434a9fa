/**
 * The path of the first of what training moves that holds a value which is not finite: a trained
 * parameter, a running statistic, or `optimizer/<name>`; undefined where all are finite. The loss alone
 * does not tell: some backends' ReLU makes 0 of NaN.
 */
export function firstNotFinite(state: {
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
  readonly optimizer: ReadonlyMap<string, Float32Array>;
}): string | undefined {
  const { parameters, statistics, optimizer } = state;
  const found = [...parameters, ...statistics].find(([, values]) => !isFinite(values));
  if (found) return found[0];
  const remembered = [...optimizer].find(([, values]) => !isFinite(values));
  return remembered && `optimizer/${remembered[0]}`;
}

/** Whether all numbers are finite: a sum of float32 in float64 cannot overflow. */
export function isFinite(values: ArrayLike<number>): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]!;
  return Number.isFinite(a + b + c + d);
}
