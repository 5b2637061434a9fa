// What lies between the passes of BatchNorm: few numbers, computed in float64 by one thread.
import {
  BatchNormFinishStatistics as S,
  BatchNormCoefficients as C,
  BatchNormFinishGradient as G,
} from "./generated/arguments";
import { statisticsBytes } from "./batch-norm";
import { gradientSumsBytes } from "./batch-norm-gradient";
import { arg } from "./simd";

/** Fills column `channel` of a row of coefficients and its repetitions. */
function repeat(row: usize, channel: usize, channels: usize, width: usize, value: f64): void {
  for (let j = channel; j < width; j += channels) f32.store(row + j * 4, <f32>value);
}

/** `(1 − momentum) · running + momentum · value` */
function move(running: usize, value: f64, momentum: f64, next: usize): void {
  f32.store(next, <f32>((1 - momentum) * <f64>f32.load(running) + momentum * value));
}

/**
 * Mean and biased variance of the batch from the slots of the chunks, in their order, and the
 * numbers behind the last row; the running statistics follow with the unbiased variance. Arguments:
 * slots, chunks, width, those numbers, how many they are, channels, mean, variance, running mean or 0
 * where there is none, running variance, the next two of them, momentum; gamma, beta, coefficients and
 * epsilon as for `batchNormCoefficients`, whose work it does as well.
 */
export function batchNormFinishStatistics(args: usize, chunk: i32, scratch: usize): void {
  const width = arg(args, S.width);
  const tail = arg(args, S.tail);
  const rest = arg(args, S.rest);
  const channels = arg(args, S.channels);
  for (let channel: usize = 0; channel < channels; channel++) {
    let n: f64 = 0;
    let mean: f64 = 0;
    let m2: f64 = 0;
    let slot = arg(args, S.slots);
    for (let i: usize = 0; i < arg(args, S.slotCount); i++) {
      const k = f64.load(slot + width * 16);
      for (let j = channel; j < width && k > 0; j += channels) {
        const delta = f64.load(slot + j * 8) - mean;
        m2 += f64.load(slot + (width + j) * 8) + (delta * delta * n * k) / (n + k);
        mean += (delta * k) / (n + k);
        n += k;
      }
      slot += statisticsBytes(width);
    }
    for (let j = channel; j < rest; j += channels) {
      const delta = <f64>f32.load(tail + j * 4) - mean;
      m2 += (delta * delta * n) / (n + 1);
      mean += delta / (n + 1);
      n += 1;
    }
    const at = channel * 4;
    f32.store(arg(args, S.mean) + at, <f32>mean);
    f32.store(arg(args, S.variance) + at, <f32>(m2 / n));
    if (arg(args, S.runningMean) != 0) {
      const momentum = f64.load(args + 8 * S.momentum);
      move(arg(args, S.runningMean) + at, mean, momentum, arg(args, S.nextMean) + at);
      move(arg(args, S.runningVariance) + at, m2 / (n - 1), momentum, arg(args, S.nextVariance) + at);
    }
  }
  fillCoefficients(
    arg(args, S.gamma), arg(args, S.beta), arg(args, S.mean), arg(args, S.variance),
    arg(args, S.coefficients), channels, width, f64.load(args + 8 * S.epsilon),
  );
}

/** Coefficients `[3][width]` of `(x − mean) · scale + beta`: mean, scale and beta, repeated along a row. */
function fillCoefficients(
  gamma: usize, beta: usize, mean: usize, variance: usize,
  row: usize, channels: usize, width: usize, epsilon: f64,
): void {
  for (let channel: usize = 0; channel < channels; channel++) {
    const at = channel * 4;
    const scale = <f64>f32.load(gamma + at) / Math.sqrt(<f64>f32.load(variance + at) + epsilon);
    repeat(row, channel, channels, width, <f64>f32.load(mean + at));
    repeat(row + width * 4, channel, channels, width, scale);
    repeat(row + width * 8, channel, channels, width, <f64>f32.load(beta + at));
  }
}

/**
 * The same alone, for statistics that are given. Arguments: gamma, beta, mean, variance,
 * coefficients, channels, width, epsilon.
 */
export function batchNormCoefficients(args: usize, chunk: i32, scratch: usize): void {
  fillCoefficients(
    arg(args, C.gamma), arg(args, C.beta), arg(args, C.mean), arg(args, C.variance),
    arg(args, C.coefficients), arg(args, C.channels), arg(args, C.width),
    f64.load(args + 8 * C.epsilon),
  );
}

/**
 * dLoss/dgamma and dLoss/dbeta from the slots of the chunks, in their order, and the coefficients
 * `[3][width]` of `dx = p · g + q · (x − mean) + r`. Arguments: slots, chunks, gamma, variance,
 * gradient of gamma, gradient of beta, coefficients, channels, width, epsilon, elements per channel
 * or 0 where the statistics are constants.
 */
export function batchNormFinishGradient(args: usize, chunk: i32, scratch: usize): void {
  const slots = arg(args, G.slots);
  const chunks = arg(args, G.slotCount);
  const gamma = arg(args, G.gamma);
  const variance = arg(args, G.variance);
  const row = arg(args, G.coefficients);
  const channels = arg(args, G.channels);
  const width = arg(args, G.width);
  const epsilon = f64.load(args + 8 * G.epsilon);
  const count = f64.load(args + 8 * G.count);
  for (let channel: usize = 0; channel < channels; channel++) {
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let i: usize = 0; i < chunks; i++) {
      for (let j = channel; j < width; j += channels) {
        const slot = slots + i * gradientSumsBytes(width) + j * 8;
        sum += f64.load(slot);
        product += f64.load(slot + width * 8);
      }
    }
    const at = channel * 4;
    const inverse = 1 / Math.sqrt(<f64>f32.load(variance + at) + epsilon);
    const p = <f64>f32.load(gamma + at) * inverse;
    f32.store(arg(args, G.gammaGradient) + at, <f32>(product * inverse));
    f32.store(arg(args, G.betaGradient) + at, <f32>sum);
    repeat(row, channel, channels, width, p);
    const share: f64 = count == 0 ? 0 : 1 / count;
    repeat(row + width * 4, channel, channels, width, -p * inverse * inverse * product * share);
    repeat(row + width * 8, channel, channels, width, -p * sum * share);
  }
}
