import { curve, linear, picture, ruler, text } from "./svg.ts";

/** A run folder in `results/`. */
export interface KeptRun {
  readonly network: string;
  readonly condition: string;
  readonly seed: number;
  readonly dataset: string;
  /** Planned ones. */
  readonly epochs: number;
  readonly finished: boolean;
  /** On the test images after each epoch, 0 to 1. */
  readonly accuracies: readonly number[];
}

const size = { width: 500, height: 280 };
const plot = { left: 44, right: 492, top: 10, bottom: 236 };

/** Test accuracy by epoch, a line for each run. */
export function drawCurves(runs: readonly KeptRun[]): string {
  const epochs = Math.max(1, ...runs.map(({ accuracies }) => accuracies.length));
  const best = Math.max(0.1, ...runs.flatMap(({ accuracies }) => accuracies));
  const top = Math.min(1, Math.ceil(best * 10) / 10);
  const x = linear([0, epochs], [plot.left, plot.right]);
  const y = linear([0, top], [plot.bottom, plot.top]);
  const shares = Array.from({ length: Math.round(top * 10) + 1 }, (_, i) => i / 10);
  const steps = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * epochs)))];
  return picture(
    `Test accuracy by epoch of ${runs.length} kept ${runs.length === 1 ? "run" : "runs"}`,
    size,
    ...ruler(plot, y, shares),
    ...steps.map((epoch) =>
      text(x(epoch), plot.bottom + 18, String(epoch), {
        "text-anchor": epoch === epochs ? "end" : "middle",
      }),
    ),
    text((plot.left + plot.right) / 2, plot.bottom + 38, "epoch", { "text-anchor": "middle" }),
    ...runs.map(({ accuracies, condition }) =>
      curve(accuracies, x, y, condition === "bn" ? "curve bn" : "curve"),
    ),
  );
}
