// The transforms of Winograd's F(4x4, 3x3) (Lavin & Gray 2015, arXiv 1509.09308), four channels at
// a time. Strides are in bytes. Functions are exported to stay functions: V8 spills registers in
// large ones, and Binaryen would inline them into one.
import { madd, nmadd, relu } from "./simd";

/** Bᵀ d: six inputs to six outputs, `step` apart. */
// @ts-ignore: decorator
@inline
export function transformInput(
  d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128,
  out: usize, step: usize,
): void {
  const four = f32x4.splat(4);
  const c = f32x4.sub(d4, d2);
  const q = f32x4.sub(d3, d1);
  const e = f32x4.add(q, q);
  const a = nmadd(d2, four, d4);
  const b = nmadd(d1, four, d3);
  let o = out; // one stepping pointer keeps one stride in a register; out + 5 · step needs several
  v128.store(o, madd(f32x4.sub(d0, d2), four, c)); o += step;
  v128.store(o, f32x4.add(a, b)); o += step;
  v128.store(o, f32x4.sub(a, b)); o += step;
  v128.store(o, f32x4.add(c, e)); o += step;
  v128.store(o, f32x4.sub(c, e)); o += step;
  v128.store(o, f32x4.sub(f32x4.sub(d5, d3), f32x4.add(e, e)));
}

/** Aᵀ m: six inputs, `inputStep` apart, to four outputs. */
// @ts-ignore: decorator
@inline
export function transformOutput(m: usize, inputStep: usize, out: usize, step: usize): void {
  let p = m;
  const m0 = v128.load(p); p += inputStep;
  const m1 = v128.load(p); p += inputStep;
  const m2 = v128.load(p); p += inputStep;
  const m3 = v128.load(p); p += inputStep;
  const m4 = v128.load(p); p += inputStep;
  const m5 = v128.load(p);
  const s1 = f32x4.add(m1, m2);
  const d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4);
  const d2 = f32x4.sub(m3, m4);
  let o = out;
  v128.store(o, f32x4.add(f32x4.add(m0, s1), s2)); o += step;
  v128.store(o, madd(d2, f32x4.splat(2), d1)); o += step;
  v128.store(o, madd(s2, f32x4.splat(4), s1)); o += step;
  v128.store(o, f32x4.add(madd(d2, f32x4.splat(8), d1), m5));
}

/**
 * Transforms six rows of pixels vertically: `pixels` of `bytes` each, at p0 … p5, to
 * `t[pixels][6]` of as many bytes.
 */
export function transformColumns(
  p0: usize, p1: usize, p2: usize, p3: usize, p4: usize, p5: usize,
  t: usize, pixels: usize, bytes: usize,
): void {
  let o = t;
  for (let w: usize = 0; w < pixels; w++) {
    const end = p0 + bytes;
    do {
      const d0 = v128.load(p0); p0 += 16;
      const d1 = v128.load(p1); p1 += 16;
      const d2 = v128.load(p2); p2 += 16;
      const d3 = v128.load(p3); p3 += 16;
      const d4 = v128.load(p4); p4 += 16;
      const d5 = v128.load(p5); p5 += 16;
      transformInput(d0, d1, d2, d3, d4, d5, o, bytes);
      o += 16;
    } while (p0 < end);
    o += 5 * bytes;
  }
}

/** relu((x − mean) · scale + beta) */
// @ts-ignore: decorator
@inline
export function normalised(x: usize, mean: v128, scale: v128, beta: v128): v128 {
  return relu(madd(f32x4.sub(v128.load(x), mean), scale, beta));
}

/**
 * `transformColumns` of what a BatchNorm with ReLU makes of `pixels` pixels and the five rows below
 * them, `rowStep` apart. Where `top` or `bottom` is 0, the first or the last row lies outside the
 * image, counts as zeros and takes no step. `coefficients[3][channels]` as for `apply`.
 */
export function transformNormalised(
  x: usize, rowStep: usize, top: i32, bottom: i32,
  t: usize, pixels: usize, bytes: usize, coefficients: usize,
): void {
  const inside0 = i32x4.splat(-top), inside5 = i32x4.splat(-bottom);
  const step0 = top ? rowStep : 0, step5 = bottom ? rowStep : 0;
  let p = x, o = t;
  for (let w: usize = 0; w < pixels; w++) {
    const end = p + bytes;
    let c = coefficients;
    do {
      const mean = v128.load(c), scale = v128.load(c + bytes), beta = v128.load(c + 2 * bytes);
      let q = p;
      const d0 = v128.and(normalised(q, mean, scale, beta), inside0); q += step0;
      const d1 = normalised(q, mean, scale, beta); q += rowStep;
      const d2 = normalised(q, mean, scale, beta); q += rowStep;
      const d3 = normalised(q, mean, scale, beta); q += rowStep;
      const d4 = normalised(q, mean, scale, beta); q += step5;
      const d5 = v128.and(normalised(q, mean, scale, beta), inside5);
      transformInput(d0, d1, d2, d3, d4, d5, o, bytes);
      p += 16; c += 16; o += 16;
    } while (p < end);
    o += 5 * bytes;
  }
}

/** p · g + q · (x − mean) + r, with x `offset` behind g. */
// @ts-ignore: decorator
@inline
export function gradient(g: usize, offset: usize, mean: v128, p: v128, q: v128, r: v128): v128 {
  return madd(v128.load(g), p, madd(f32x4.sub(v128.load(g + offset), mean), q, r));
}

/** The same of the gradient of a BatchNorm, `coefficients[6][channels]` as for `inputPlain`. */
export function transformGradient(
  g: usize, offset: usize, rowStep: usize, top: i32, bottom: i32,
  t: usize, pixels: usize, bytes: usize, coefficients: usize,
): void {
  const inside0 = i32x4.splat(-top), inside5 = i32x4.splat(-bottom);
  const step0 = top ? rowStep : 0, step5 = bottom ? rowStep : 0;
  let i = g, o = t;
  for (let w: usize = 0; w < pixels; w++) {
    const end = i + bytes;
    let c = coefficients;
    do {
      const mean = v128.load(c), p = v128.load(c + 3 * bytes);
      const q = v128.load(c + 4 * bytes), r = v128.load(c + 5 * bytes);
      let j = i;
      const d0 = v128.and(gradient(j, offset, mean, p, q, r), inside0); j += step0;
      const d1 = gradient(j, offset, mean, p, q, r); j += rowStep;
      const d2 = gradient(j, offset, mean, p, q, r); j += rowStep;
      const d3 = gradient(j, offset, mean, p, q, r); j += rowStep;
      const d4 = gradient(j, offset, mean, p, q, r); j += step5;
      const d5 = v128.and(gradient(j, offset, mean, p, q, r), inside5);
      transformInput(d0, d1, d2, d3, d4, d5, o, bytes);
      i += 16; c += 16; o += 16;
    } while (i < end);
    o += 5 * bytes;
  }
}

/**
 * Transforms `tiles` tiles horizontally: from `t[pixels][6]` to `v[36][tiles]`, whose 36
 * frequencies are `frequencyStep` apart.
 */
export function transformRows(
  t: usize, v: usize, frequencyStep: usize, tiles: usize, bytes: usize,
): void {
  const step = bytes * 6;
  for (let tile: usize = 0; tile < tiles; tile++) {
    for (let i: usize = 0; i < 6; i++) {
      let p = t + 4 * tile * step + i * bytes;
      let o = v + tile * bytes + 6 * i * frequencyStep;
      const end = p + bytes;
      do {
        let q = p;
        const d0 = v128.load(q); q += step;
        const d1 = v128.load(q); q += step;
        const d2 = v128.load(q); q += step;
        const d3 = v128.load(q); q += step;
        const d4 = v128.load(q); q += step;
        const d5 = v128.load(q);
        transformInput(d0, d1, d2, d3, d4, d5, o, frequencyStep);
        p += 16; o += 16;
      } while (p < end);
    }
  }
}

/** The first half of a tile's output transform: from `m[36]` to `t[4][6]` of `bytes` each. */
export function untransformColumns(m: usize, frequencyStep: usize, t: usize, bytes: usize): void {
  for (let j: usize = 0; j < 6; j++) {
    let p = m + j * frequencyStep;
    let o = t + j * bytes;
    const end = p + bytes;
    do {
      transformOutput(p, 6 * frequencyStep, o, 6 * bytes);
      p += 16; o += 16;
    } while (p < end);
  }
}

/** The second half: from `t[4][6]` to 4 by 4 pixels at y, `pixelStep` and `rowStep` apart. */
export function untransformRows(
  t: usize, y: usize, rowStep: usize, pixelStep: usize, bytes: usize,
): void {
  for (let i: usize = 0; i < 4; i++) {
    let p = t + 6 * i * bytes;
    let o = y + i * rowStep;
    const end = p + bytes;
    do {
      transformOutput(p, bytes, o, pixelStep);
      p += 16; o += 16;
    } while (p < end);
  }
}
