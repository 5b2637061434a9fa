/** The last line of `train --json` and `evaluate --json`. */
export interface ResultEvent {
  readonly event: "result";
  /** 0 to 1. */
  readonly testAccuracy: number;
  /** Mean cross-entropy, in nats. */
  readonly testLoss: number;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  readonly modelBytes: number;
  /** SHA-256 of the model file, in hexadecimal; only of a run that was kept without it. */
  readonly modelSha256?: string;
  readonly seconds: number;
  /** Of training; of the evaluation for `evaluate`. */
  readonly imagesPerSecond: number;
  readonly backend: string;
  readonly seed: number;
  readonly network: string;
  readonly condition: string;
  /** The run folder; only after training. */
  readonly out?: string;
  /** Files of the run folder that could not be written in whole; absent where nothing is missing. */
  readonly missing?: readonly string[];
}
