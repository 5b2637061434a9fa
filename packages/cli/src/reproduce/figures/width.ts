import { widthOf } from "../networks.ts";
import { seedsText } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import { protocolText } from "../protocol-text.ts";
import { accuracyLines } from "./accuracy-lines.ts";
import type { DrawFigure } from "./definition.ts";
import { risesText } from "./orderings.ts";

export const width: DrawFigure = ({ spec, runs }) => {
  const panel = accuracyLines({
    runs,
    x: { title: "width (times 16, 32 and 64 channels)", scale: "log" },
    xOf: widthOf,
    published: cifar10Accuracies,
  });
  return {
    title: "Accuracy by width",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [panel],
    notes: [risesText(panel, "width")],
  };
};
