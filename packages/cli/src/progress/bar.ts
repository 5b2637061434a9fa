import { duration, percent } from "../format.ts";
import type { Colors } from "./colors.ts";

export interface StepProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  /** 0 to 1. */
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

const MINIMUM_BAR = 4;
const MAXIMUM_BAR = 24;

/** Loss, accuracy, images/s and the time left on one line, behind a bar if `width` has room for it. */
export function stepLine(progress: StepProgress, width: number, colors: Colors): string {
  const { epoch, epochs, stepInEpoch, stepsPerEpoch, loss, accuracy, secondsLeft } = progress;
  const share = (epoch - 1 + stepInEpoch / stepsPerEpoch) / epochs;
  const speed = progress.imagesPerSecond.toFixed(0);
  const coarse = duration(secondsLeft).split(" ").slice(0, 2).join(" ");
  const texts = [
    `epoch ${epoch}/${epochs} ${stepInEpoch}/${stepsPerEpoch}  loss ${loss.toFixed(3)}  ` +
      `acc ${percent(accuracy, 1)}  ${speed} images/s  ${duration(secondsLeft)} left`,
    `loss ${loss.toFixed(2)}  acc ${percent(accuracy, 0)}  ${speed}/s  ${duration(secondsLeft)}`,
    `loss ${loss.toFixed(2)} acc ${percent(accuracy, 0)} ${speed}/s ${coarse}`,
    `loss ${loss.toFixed(2)} acc ${percent(accuracy, 0)}`,
  ];
  const fitting = texts.find((text) => text.length + MINIMUM_BAR < width);
  if (fitting === undefined) return texts.at(-1)!.slice(0, width);
  return `${bar(share, width - fitting.length - 1, colors)} ${fitting}`;
}

/** A bar of at most 24 characters. */
export function bar(share: number, room: number, colors: Colors): string {
  const width = Math.min(MAXIMUM_BAR, room);
  const filled = Math.round(Math.min(1, share) * width);
  return colors.cyan("━".repeat(filled)) + colors.dim("─".repeat(width - filled));
}
