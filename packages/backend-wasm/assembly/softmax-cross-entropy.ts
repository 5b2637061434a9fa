// Loss, hits and gradient of softmax cross-entropy, in float64 inside a row.
import {
  SoftmaxCrossEntropyRow as R,
  SoftmaxCrossEntropyFinish as F,
} from "./generated/arguments";
import { arg } from "./simd";

/**
 * One image a chunk. Arguments: logits, labels, gradient, slots (float64 `[batch][2]`: loss and
 * hit), batch, classes.
 */
export function softmaxCrossEntropyRow(args: usize, chunk: i32, scratch: usize): void {
  const batch = arg(args, R.batch);
  const classes = arg(args, R.classes);
  const logits = arg(args, R.logits) + <usize>chunk * classes * 4;
  const gradient = arg(args, R.gradient) + <usize>chunk * classes * 4;
  const slot = arg(args, R.slots) + <usize>chunk * 16;
  const label = load<i32>(arg(args, R.labels) + <usize>chunk * 4);
  let largest = <f64>f32.load(logits);
  let best = 0;
  for (let i: usize = 1; i < classes; i++) {
    const value = <f64>f32.load(logits + i * 4);
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  let total: f64 = 0;
  let target: f64 = 0;
  for (let i: usize = 0; i < classes; i++) {
    const shifted = <f64>f32.load(logits + i * 4) - largest;
    if (<i32>i == label) target = shifted;
    const exponential = Math.exp(shifted);
    f32.store(gradient + i * 4, <f32>exponential);
    total += exponential;
  }
  for (let i: usize = 0; i < classes; i++) {
    const p = <f64>f32.load(gradient + i * 4) / total;
    f32.store(gradient + i * 4, <f32>((p - (<i32>i == label ? 1 : 0)) / <f64>batch));
  }
  f64.store(slot, Math.log(total) - target);
  f64.store(slot, best == label ? 1 : 0, 8);
}

/** Arguments: slots, batch, loss, number of hits. */
export function softmaxCrossEntropyFinish(args: usize, chunk: i32, scratch: usize): void {
  const batch = arg(args, F.batch);
  let loss: f64 = 0;
  let correct: f64 = 0;
  for (let i: usize = 0; i < batch; i++) {
    loss += f64.load(arg(args, F.slots) + i * 16);
    correct += f64.load(arg(args, F.slots) + i * 16, 8);
  }
  f32.store(arg(args, F.loss), <f32>(loss / <f64>batch));
  f32.store(arg(args, F.correct), <f32>correct);
}
