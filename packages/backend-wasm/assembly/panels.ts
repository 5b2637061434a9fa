// The matrix product of the direct convolution. Four pixels make a panel `[depth][4]`, eight outputs of
// the filter a panel `[depth][8]`, so that the inner loop reads two runs of memory and nothing else;
// and of long sums a part is computed at a time, whose panels stay in the first-level cache.
import { madd } from "./simd";

/** How many numbers of a pixel are multiplied at a time, at most; as in src/kernels/panels.ts. */
const DEPTH: usize = 256;

/** The addresses of `rows` by `columns` pixels to `list`; returns its new end. */
export function listPixels(
  first: usize, rows: usize, rowStep: usize, columns: usize, columnStep: usize, list: usize,
): usize {
  let o = list, row = first;
  for (let i: usize = 0; i < rows; i++) {
    let p = row;
    for (let j: usize = 0; j < columns; j++) {
      store<u32>(o, <u32>p);
      o += 4; p += columnStep;
    }
    row += rowStep;
  }
  return o;
}

/** Repeats the last pixel until they fill panels of four, whose number it returns: it is computed more than once then. */
export function fillPanels(list: usize, end: usize): usize {
  const panels = (end - list + 15) / 16;
  for (let o = end; o < list + panels * 16; o += 4) store<u32>(o, load<u32>(end - 4));
  return panels;
}

/** `count` numbers, `offset` bytes after each listed pixel, to panels that are `step` bytes apart. */
export function packPixels(list: usize, panels: usize, offset: usize, count: usize, to: usize, step: usize): void {
  let entry = list, panel = to;
  for (let i: usize = 0; i < panels; i++) {
    let a = <usize>load<u32>(entry) + offset, b = <usize>load<u32>(entry, 4) + offset;
    let c = <usize>load<u32>(entry, 8) + offset, d = <usize>load<u32>(entry, 12) + offset;
    let o = panel;
    const fours = a + (count & ~3) * 4, end = a + count * 4;
    while (a < fours) {
      const p = v128.load(a), q = v128.load(b), r = v128.load(c), s = v128.load(d);
      const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5), rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5);
      const pq2 = v128.shuffle<f32>(p, q, 2, 6, 3, 7), rs2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7);
      v128.store(o, v128.shuffle<f64>(pq, rs, 0, 2));
      v128.store(o, v128.shuffle<f64>(pq, rs, 1, 3), 16);
      v128.store(o, v128.shuffle<f64>(pq2, rs2, 0, 2), 32);
      v128.store(o, v128.shuffle<f64>(pq2, rs2, 1, 3), 48);
      a += 16; b += 16; c += 16; d += 16; o += 64;
    }
    while (a < end) {
      f32.store(o, f32.load(a)); f32.store(o, f32.load(b), 4);
      f32.store(o, f32.load(c), 8); f32.store(o, f32.load(d), 12);
      a += 4; b += 4; c += 4; d += 4; o += 16;
    }
    entry += 16; panel += step;
  }
}

/** Adds panels of pixels times a panel of the filter to 8 numbers, `offset` bytes after each listed pixel. */
export function multiplyPanels(a: usize, panels: usize, depth: usize, b: usize, list: usize, offset: usize): void {
  let p = a, entry = list;
  for (let i: usize = 0; i < panels; i++) {
    const o0 = <usize>load<u32>(entry) + offset, o1 = <usize>load<u32>(entry, 4) + offset;
    const o2 = <usize>load<u32>(entry, 8) + offset, o3 = <usize>load<u32>(entry, 12) + offset;
    let c00 = v128.load(o0), c01 = v128.load(o0, 16), c10 = v128.load(o1), c11 = v128.load(o1, 16);
    let c20 = v128.load(o2), c21 = v128.load(o2, 16), c30 = v128.load(o3), c31 = v128.load(o3, 16);
    let q = b;
    const end = p + depth * 16;
    do {
      const lo = v128.load(q), hi = v128.load(q, 16);
      let s = v128.load32_splat(p);
      c00 = madd(s, lo, c00); c01 = madd(s, hi, c01);
      s = v128.load32_splat(p, 4);
      c10 = madd(s, lo, c10); c11 = madd(s, hi, c11);
      s = v128.load32_splat(p, 8);
      c20 = madd(s, lo, c20); c21 = madd(s, hi, c21);
      s = v128.load32_splat(p, 12);
      c30 = madd(s, lo, c30); c31 = madd(s, hi, c31);
      p += 16; q += 32;
    } while (p < end);
    v128.store(o0, c00); v128.store(o0, c01, 16); v128.store(o1, c10); v128.store(o1, c11, 16);
    v128.store(o2, c20); v128.store(o2, c21, 16); v128.store(o3, c30); v128.store(o3, c31, 16);
    entry += 16;
  }
}

/**
 * The same with two panels of the filter, `next` bytes apart, whose sums stay in registers of 256 bits
 * where the engine makes pairs of vectors one.
 */
export function multiplyPanelPairs(
  a: usize, panels: usize, depth: usize, b: usize, next: usize, list: usize, offset: usize,
): void {
  let p = a, entry = list;
  for (let i: usize = 0; i < panels; i++) {
    const o0 = <usize>load<u32>(entry) + offset, o1 = <usize>load<u32>(entry, 4) + offset;
    const o2 = <usize>load<u32>(entry, 8) + offset, o3 = <usize>load<u32>(entry, 12) + offset;
    let c00 = v128.load(o0), c01 = v128.load(o0, 16), c02 = v128.load(o0, 32), c03 = v128.load(o0, 48);
    let c10 = v128.load(o1), c11 = v128.load(o1, 16), c12 = v128.load(o1, 32), c13 = v128.load(o1, 48);
    let c20 = v128.load(o2), c21 = v128.load(o2, 16), c22 = v128.load(o2, 32), c23 = v128.load(o2, 48);
    let c30 = v128.load(o3), c31 = v128.load(o3, 16), c32 = v128.load(o3, 32), c33 = v128.load(o3, 48);
    let q = b, r = b + next;
    const end = p + depth * 16;
    do {
      const b0 = v128.load(q), b1 = v128.load(q, 16), b2 = v128.load(r), b3 = v128.load(r, 16);
      let s = v128.load32_splat(p);
      c00 = madd(s, b0, c00); c01 = madd(s, b1, c01); c02 = madd(s, b2, c02); c03 = madd(s, b3, c03);
      s = v128.load32_splat(p, 4);
      c10 = madd(s, b0, c10); c11 = madd(s, b1, c11); c12 = madd(s, b2, c12); c13 = madd(s, b3, c13);
      s = v128.load32_splat(p, 8);
      c20 = madd(s, b0, c20); c21 = madd(s, b1, c21); c22 = madd(s, b2, c22); c23 = madd(s, b3, c23);
      s = v128.load32_splat(p, 12);
      c30 = madd(s, b0, c30); c31 = madd(s, b1, c31); c32 = madd(s, b2, c32); c33 = madd(s, b3, c33);
      p += 16; q += 32; r += 32;
    } while (p < end);
    v128.store(o0, c00); v128.store(o0, c01, 16); v128.store(o0, c02, 32); v128.store(o0, c03, 48);
    v128.store(o1, c10); v128.store(o1, c11, 16); v128.store(o1, c12, 32); v128.store(o1, c13, 48);
    v128.store(o2, c20); v128.store(o2, c21, 16); v128.store(o2, c22, 32); v128.store(o2, c23, 48);
    v128.store(o3, c30); v128.store(o3, c31, 16); v128.store(o3, c32, 32); v128.store(o3, c33, 48);
    entry += 16;
  }
}

/** The same as `multiplyPanels` where a pixel has only `lanes` < 8 numbers, by way of `tile[4][8]` and four addresses behind it. */
export function multiplyNarrow(
  a: usize, panels: usize, depth: usize, b: usize, list: usize, offset: usize, lanes: usize, tile: usize,
): void {
  const rows = tile + 128;
  listPixels(tile, 1, 0, 4, 32, rows);
  for (let i: usize = 0; i < panels; i++) {
    const entry = list + i * 16;
    for (let j: usize = 0; j < 4; j++) {
      memory.copy(tile + j * 32, <usize>load<u32>(entry + j * 4) + offset, lanes * 4);
    }
    multiplyPanels(a + i * depth * 16, 1, depth, b, rows, 0);
    for (let j: usize = 0; j < 4; j++) {
      memory.copy(<usize>load<u32>(entry + j * 4) + offset, tile + j * 32, lanes * 4);
    }
  }
}

/**
 * Adds panels of pixels times panels of the filter, `next` bytes apart, to `outputs` numbers, `offset` bytes after
 * each listed pixel. Scratch as for `multiplyNarrow`, where 8 does not divide the outputs.
 */
export function multiplyOutputs(
  a: usize, panels: usize, depth: usize, b: usize, next: usize, list: usize, offset: usize, outputs: usize, scratch: usize,
): void {
  let panel = b, o = offset, left = outputs;
  if (PAIRS) {
    for (; left >= 16; left -= 16) {
      multiplyPanelPairs(a, panels, depth, panel, next, list, o);
      panel += 2 * next; o += 64;
    }
  }
  for (; left >= 8; left -= 8) {
    multiplyPanels(a, panels, depth, panel, list, o);
    panel += next; o += 32;
  }
  if (left) multiplyNarrow(a, panels, depth, panel, list, o, left, scratch);
}

/**
 * Adds the products of the pixels of the list `from`, `fromOffset` bytes after each, and a filter
 * `[outputs / 8][taps][8]` to `outputs` numbers of those of the list `to`. The taps of a pixel are `tapRows` by
 * `tapColumns` runs of `run` numbers. Scratch: `tile[4][8]`, four addresses, and the panels.
 */
export function multiplyPixels(
  from: usize, fromOffset: usize, panels: usize,
  tapRows: usize, rowStep: usize, tapColumns: usize, columnStep: usize, run: usize,
  filter: usize, to: usize, toOffset: usize, outputs: usize, scratch: usize,
): void {
  const taps = tapRows * tapColumns * run;
  const packed = scratch + 192;
  let row: usize = 0, column: usize = 0, at: usize = 0;
  for (let first: usize = 0; first < taps; first += DEPTH) {
    const depth = min(DEPTH, taps - first);
    for (let filled: usize = 0; filled < depth; ) {
      const count = min(run - at, depth - filled);
      const offset = fromOffset + row * rowStep + column * columnStep + at * 4;
      packPixels(from, panels, offset, count, packed + filled * 16, depth * 16);
      filled += count; at += count;
      if (at < run) continue;
      at = 0;
      if (++column == tapColumns) {
        column = 0;
        row++;
      }
    }
    multiplyOutputs(packed, panels, depth, filter + first * 32, taps * 32, to, toOffset, outputs, scratch);
  }
}
