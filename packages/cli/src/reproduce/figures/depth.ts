import { seedsText } from "../points.ts";
import { protocolText } from "../protocol-text.ts";
import { accuracyByDepth } from "./accuracy-lines.ts";
import type { DrawFigure } from "./definition.ts";
import { risesText } from "./orderings.ts";

export const depth: DrawFigure = ({ spec, runs }) => {
  const panel = accuracyByDepth(runs);
  return {
    title: "Accuracy by depth",
    subtitle: `${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [panel],
    notes: [risesText(panel, "depth")],
  };
};
