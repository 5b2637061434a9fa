import type { EpochEvent } from "@bn-only/trainer";
import { percent } from "../format.ts";
import type { Io } from "../io.ts";
import type { Reporter } from "./reporter.ts";

/** A line for each source of data and each epoch: for logs and pipes. */
export function plainReporter(io: Io): Reporter {
  const line = (text: string): void => void io.stdout.write(`${text}\n`);
  let epochs = 0;
  return {
    line,
    warn: (text) => void io.stderr.write(`warning: ${text}\n`),
    data(event) {
      if (event.event !== "download") line(event.message);
    },
    training(event) {
      if (event.event === "start") epochs = event.epochs;
      if (event.event === "epoch") line(epochLine(event, epochs));
    },
    close: () => {},
  };
}

/** `epoch 2/3   loss 2.020   train 23.9 %   test 25.2 %   180 images/s` */
export function epochLine(event: EpochEvent, epochs: number): string {
  const { epoch, trainLoss, trainAccuracy, testAccuracy, imagesPerSecond } = event;
  const test = testAccuracy === undefined ? "" : `   test ${percent(testAccuracy)}`;
  // Zero for an epoch that a run only had to test when it went on.
  const speed = imagesPerSecond === 0 ? "" : `   ${imagesPerSecond.toFixed(0)} images/s`;
  return (
    `epoch ${epoch + 1}/${epochs}   loss ${trainLoss.toFixed(3)}   ` +
    `train ${percent(trainAccuracy)}${test}${speed}`
  );
}
