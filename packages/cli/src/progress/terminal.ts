import type { StepEvent } from "@bn-only/trainer";
import pc from "picocolors";
import { bytes, duration, percent } from "../format.ts";
import type { Io } from "../io.ts";
import { epochLine } from "./plain.ts";
import type { Reporter } from "./reporter.ts";

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MILLISECONDS = 100;

/** One line that redraws itself, with finished epochs above it. */
export function terminalReporter(io: Io): Reporter {
  const colors = pc.createColors(io.env["NO_COLOR"] === undefined);
  const speed = new RecentSpeed();
  let [epochs, steps, stepsPerEpoch] = [0, 0, 0];
  let drawn = false;
  let lastDraw = 0;

  function draw(text: string, force = false): void {
    const now = performance.now();
    if (!force && now - lastDraw < REDRAW_MILLISECONDS) return;
    lastDraw = now;
    io.stdout.write(`${drawn ? "" : HIDE_CURSOR}${CLEAR_LINE}${text}`);
    drawn = true;
  }

  function erase(): void {
    if (drawn) io.stdout.write(`${CLEAR_LINE}${SHOW_CURSOR}`);
    drawn = false;
  }

  function line(text: string): void {
    erase();
    io.stdout.write(`${text}\n`);
  }

  function drawStep(event: StepEvent): void {
    speed.add(event.images);
    const { epoch, step, loss, accuracy } = event;
    const width = (io.stdout.columns ?? 80) - 1;
    const left = speed.secondsPerStep() * (steps - step);
    const inEpoch = `${step - epoch * stepsPerEpoch}/${stepsPerEpoch}`;
    const text =
      `epoch ${epoch + 1}/${epochs} ${inEpoch}  loss ${loss.toFixed(3)}  ${percent(accuracy, 1)}  ` +
      `${speed.imagesPerSecond().toFixed(0)} images/s  ${duration(left)} left`;
    const barWidth = Math.min(24, width - text.length - 1);
    const bar = barWidth < 5 ? "" : `${progressBar(step / steps, barWidth, colors)} `;
    draw(bar + text.slice(0, width), step === steps);
  }

  return {
    line,
    data(event) {
      if (event.event === "download") {
        const { receivedBytes, totalBytes, source } = event;
        const width = (io.stdout.columns ?? 80) - 1;
        const text = `${bytes(receivedBytes)} of ${bytes(totalBytes)} from ${source}`;
        draw(`${progressBar(receivedBytes / totalBytes, 24, colors)} ${text}`.slice(0, width + 20));
      } else
        line(event.event === "skip" ? colors.yellow(event.message) : colors.dim(event.message));
    },
    training(event) {
      if (event.event === "start") ({ epochs, steps, stepsPerEpoch } = event);
      else if (event.event === "step") drawStep(event);
      else line(epochLine(event, epochs));
    },
    close: erase,
  };
}

function progressBar(
  share: number,
  width: number,
  colors: ReturnType<typeof pc.createColors>,
): string {
  const filled = Math.round(Math.min(1, share) * width);
  return colors.cyan("━".repeat(filled)) + colors.dim("─".repeat(width - filled));
}

/** Speed over the last steps, so that an evaluation in between does not spoil the estimate. */
class RecentSpeed {
  readonly #steps: { images: number; seconds: number }[] = [];
  #last: number | undefined;

  add(images: number): void {
    const now = performance.now();
    if (this.#last !== undefined) this.#steps.push({ images, seconds: (now - this.#last) / 1000 });
    this.#last = now;
    if (this.#steps.length > 30) this.#steps.shift();
  }

  imagesPerSecond(): number {
    const images = this.#steps.reduce((sum, step) => sum + step.images, 0);
    return this.#seconds() === 0 ? 0 : images / this.#seconds();
  }

  /** The median, which an evaluation between two steps does not move. */
  secondsPerStep(): number {
    const sorted = this.#steps.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  #seconds(): number {
    return this.secondsPerStep() * this.#steps.length;
  }
}
