import { depthOf } from "../networks.ts";
import { seedsText } from "../points.ts";
import { imagenetAccuracies } from "../published/others.ts";
import { findPublished } from "../published/published.ts";
import { protocolText } from "../protocol-text.ts";
import type { StoredRun } from "../run-store.ts";
import { topFiveAccuracy } from "../top-five.ts";
import { accuracyLines } from "./accuracy-lines.ts";
import type { DrawFigure, FigureContext } from "./definition.ts";
import { risesText } from "./orderings.ts";

const x = { title: "depth (layers)", scale: "log" } as const;

export const imagenet: DrawFigure = async ({ spec, runs, open, signal }) => {
  const topOne = accuracyLines({
    runs,
    x,
    xOf: depthOf,
    published: findPublished(imagenetAccuracies, { quantity: "accuracy" }),
  });
  const topFive = accuracyLines({
    runs: await withTopFive(runs, { open, signal }),
    x,
    xOf: depthOf,
    published: findPublished(imagenetAccuracies, { quantity: "top-5 accuracy" }),
  });
  return {
    title: "ImageNet by depth",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [
      {
        ...topFive,
        title: "one of the five likeliest classes",
        y: { ...topFive.y, title: "top-5 accuracy (%)" },
      },
      { ...topOne, title: "the likeliest class", y: { ...topOne.y, title: "top-1 accuracy (%)" } },
    ],
    notes: [risesText(topFive, "depth")],
  };
};

/** The same runs, with the top-5 accuracy in the place of the usual one. */
async function withTopFive(
  runs: readonly StoredRun[],
  { open, signal }: Pick<FigureContext, "open" | "signal">,
): Promise<StoredRun[]> {
  const changed: StoredRun[] = [];
  for (const stored of runs) {
    const { network, test } = await open(stored);
    try {
      const testAccuracy = await topFiveAccuracy(network, test, signal);
      changed.push({
        ...stored,
        run: { ...stored.run, result: { ...stored.run.result, testAccuracy } },
      });
    } finally {
      network.dispose();
    }
  }
  return changed;
}
