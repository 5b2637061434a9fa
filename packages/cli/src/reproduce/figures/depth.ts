import { depthOf } from "../networks.ts";
import { seedsText } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import { protocolText } from "../protocol-text.ts";
import { accuracyLines } from "./accuracy-lines.ts";
import type { DrawFigure } from "./definition.ts";
import { risesText } from "./orderings.ts";

export const depth: DrawFigure = ({ spec, runs }) => {
  const panel = accuracyLines({
    runs,
    x: { title: "depth (layers)", scale: "log" },
    xOf: depthOf,
    published: cifar10Accuracies,
  });
  return {
    title: "Accuracy by depth",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [panel],
    notes: [risesText(panel, "depth")],
  };
};
