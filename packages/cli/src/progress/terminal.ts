import type { DownloadEvent } from "@bn-only/datasets";
import type { StepEvent } from "@bn-only/trainer";
import { bytes } from "../format.ts";
import { HIDE_CURSOR, type Io, SHOW_CURSOR } from "../io.ts";
import { bar, stepLine } from "./bar.ts";
import { colorsFor } from "./colors.ts";
import { Pace } from "./pace.ts";
import { epochLine } from "./plain.ts";
import type { Reporter } from "./reporter.ts";

const CLEAR_LINE = "\r\u001b[2K";
const REDRAW_MILLISECONDS = 100;

/** One line that redraws itself, with finished epochs above it. */
export function terminalReporter(io: Io): Reporter {
  const colors = colorsFor(io.stdout, io.env);
  let pace = new Pace();
  let [epochs, steps, stepsPerEpoch] = [0, 0, 0];
  let drawn = false;
  let lastDraw = -Infinity;

  /** Room for the ^C that a terminal writes itself, without which the line would wrap. */
  const width = (): number => (io.stdout.columns || 80) - 3;

  function draw(text: string): void {
    lastDraw = performance.now();
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

  function warn(text: string): void {
    erase();
    io.stderr.write(`${colors.yellow("warning:")} ${text}\n`);
  }

  function drawDownload({ receivedBytes, totalBytes, source }: DownloadEvent): void {
    const barWidth = Math.min(24, width() >> 2);
    const text = `${bytes(receivedBytes)} of ${bytes(totalBytes)} from ${source}`;
    const shown = text.slice(0, width() - barWidth - 1);
    draw(`${bar(receivedBytes / totalBytes, barWidth, colors)} ${shown}`);
  }

  function drawStep({ epoch, step, loss, accuracy, images }: StepEvent): void {
    pace.step(images);
    const stepInEpoch = step - epoch * stepsPerEpoch;
    const due = performance.now() - lastDraw >= REDRAW_MILLISECONDS;
    if (!due && stepInEpoch < stepsPerEpoch) return;
    const progress = {
      epoch: epoch + 1,
      epochs,
      stepInEpoch,
      stepsPerEpoch,
      loss,
      accuracy,
      imagesPerSecond: pace.imagesPerSecond(),
      secondsLeft: pace.secondsLeft(steps - step, epochs - epoch),
    };
    draw(stepLine(progress, width(), colors));
  }

  return {
    line,
    warn,
    data(event) {
      if (event.event === "download") return drawDownload(event);
      line(event.event === "skip" ? colors.yellow(event.message) : colors.dim(event.message));
    },
    training(event) {
      if (event.event === "step") return drawStep(event);
      if (event.event === "abort") return;
      if (event.event === "start") {
        ({ epochs, steps, stepsPerEpoch } = event);
        pace = new Pace();
        return;
      }
      pace.evaluation();
      line(epochLine(event, epochs));
    },
    close: erase,
  };
}
