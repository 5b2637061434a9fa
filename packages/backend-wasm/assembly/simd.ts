// Vector helpers. One source makes two binaries: `ASC_FEATURE_RELAXED_SIMD` is a constant of the
// compilation, so the branch not taken never gets into the code.

/** The `i`-th number of a job's arguments, which are float64. */
// @ts-ignore: decorator
@inline
export function arg(args: usize, i: usize): usize {
  return <usize>f64.load(args + 8 * i);
}

/** a · b + c, fused where the target can. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b, fused where the target can. */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  else return f32x4.sub(c, f32x4.mul(a, b));
}

/** Adds to four numbers in memory. */
// @ts-ignore: decorator
@inline
export function addVector(sums: usize, value: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), value));
}

/** max(x, 0); NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function relu(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** x where y > 0, else 0. */
// @ts-ignore: decorator
@inline
export function wherePositive(x: v128, y: v128): v128 {
  return v128.and(x, f32x4.gt(y, f32x4.splat(0)));
}

/** The smallest multiple of `unit`, a power of two, that is at least n. */
// @ts-ignore: decorator
@inline
export function roundUp(n: usize, unit: usize): usize {
  return (n + unit - 1) & ~(unit - 1);
}

/** The first n numbers at p, at most 4; the rest of the lanes are zero. */
// @ts-ignore: decorator
@inline
export function loadLanes(p: usize, n: usize): v128 {
  if (n >= 4) return v128.load(p);
  let v = v128.load32_zero(p);
  if (n > 1) v = v128.load32_lane(p + 4, v, 1);
  if (n > 2) v = v128.load32_lane(p + 8, v, 2);
  return v;
}

// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, v: v128, n: usize): void {
  if (n >= 4) {
    v128.store(p, v);
    return;
  }
  v128.store32_lane(p, v, 0);
  if (n > 1) v128.store32_lane(p + 4, v, 1);
  if (n > 2) v128.store32_lane(p + 8, v, 2);
}

/** Four numbers in float64, rounded to float32. */
// @ts-ignore: decorator
@inline
export function rounded(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/**
 * The first `n`, at most 4, of the sums of four numbers of `count` slots, `step` bytes apart, in their
 * order and in float64.
 */
// @ts-ignore: decorator
@inline
export function storeSlotSums(to: usize, n: usize, first: usize, count: usize, step: usize): void {
  let p = first;
  let low = f64x2.splat(0), high = f64x2.splat(0);
  for (let i: usize = 0; i < count; i++) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(p)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(p, 8)));
    p += step;
  }
  storeLanes(to, rounded(low, high), n);
}
