// Blocks of tensors of 4-byte numbers: runs of neighbours, in up to three dimensions around them.
import { CopyBlock as A, FillNumbers as F } from "./generated/arguments";
import { arg, loadLanes, storeLanes } from "./simd";

/** `count` runs of `bytes` bytes, a multiple of 4. */
export function copyRuns(
  from: usize, fromStep: usize, to: usize, toStep: usize, bytes: usize, count: usize,
): void {
  if (bytes >= 512) {
    for (let i: usize = 0; i < count; i++) {
      memory.copy(to, from, bytes);
      from += fromStep; to += toStep;
    }
    return;
  }
  const whole = bytes & ~15;
  const lanes = (bytes & 15) >> 2;
  for (let i: usize = 0; i < count; i++) {
    let p = from, o = to;
    const end = from + whole;
    while (p < end) {
      v128.store(o, v128.load(p));
      p += 16; o += 16;
    }
    if (lanes) storeLanes(o, loadLanes(p, lanes), lanes);
    from += fromStep; to += toStep;
  }
}

/** The runs `chunk · chunkRuns` and following, of `outer · middle · inner` in all. */
export function copyBlock(args: usize, chunk: i32, scratch: usize): void {
  const inner = arg(args, A.inner), middle = arg(args, A.middle), bytes = arg(args, A.bytes);
  const fromInner = arg(args, A.fromInner), toInner = arg(args, A.toInner);
  const chunkRuns = arg(args, A.chunkRuns);
  let run = <usize>chunk * chunkRuns;
  const end = min(arg(args, A.outer) * middle * inner, run + chunkRuns);
  while (run < end) {
    const row = run / inner;
    const k = run - row * inner;
    const i = row / middle;
    const j = row - i * middle;
    const count = min(inner - k, end - run);
    copyRuns(
      arg(args, A.from) + i * arg(args, A.fromOuter) + j * arg(args, A.fromMiddle) + k * fromInner,
      fromInner,
      arg(args, A.to) + i * arg(args, A.toOuter) + j * arg(args, A.toMiddle) + k * toInner,
      toInner, bytes, count,
    );
    run += count;
  }
}

export function fillNumbers(args: usize, chunk: i32, scratch: usize): void {
  const start = <usize>chunk * arg(args, F.chunkSize);
  const end = min(arg(args, F.size), start + arg(args, F.chunkSize));
  const value = f32x4.splat(<f32>f64.load(args + 8 * F.value));
  const to = arg(args, F.to);
  for (let i = start; i < end; i += 4) storeLanes(to + i * 4, value, end - i);
}
