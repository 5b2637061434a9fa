import type { WeightInitializer } from "./weights.ts";

/**
 * A semi-orthogonal matrix of gain 1 out of a standard-normal one, Saxe et al. 2013, as
 * `torch.nn.init.orthogonal_`: the filters are orthonormal, or their inputs are where there are
 * more filters than inputs.
 */
export const orthogonal: WeightInitializer = ({ size, fanIn, stream }) => {
  const outputs = size / fanIn;
  const normal = stream.normal(size);
  const filtersFirst = outputs <= fanIn;
  const vectors = filtersFirst ? outputs : fanIn;
  const length = filtersFirst ? fanIn : outputs;
  const at = (vector: number, i: number): number =>
    filtersFirst ? i * outputs + vector : vector * outputs + i;

  const basis: Float64Array[] = [];
  for (let vector = 0; vector < vectors; vector++) {
    const candidate = Float64Array.from({ length }, (_, i) => normal[at(vector, i)]!);
    // The second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) subtractProjection(candidate, other);
    }
    const norm = Math.sqrt(dot(candidate, candidate));
    basis.push(candidate.map((value) => value / norm));
  }

  const weights = new Float32Array(size);
  basis.forEach((values, vector) => values.forEach((value, i) => (weights[at(vector, i)] = value)));
  return weights;
};

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** `target ← target − (target · unit) unit` */
function subtractProjection(target: Float64Array, unit: Float64Array): void {
  const length = dot(target, unit);
  for (let i = 0; i < target.length; i++) target[i]! -= length * unit[i]!;
}
