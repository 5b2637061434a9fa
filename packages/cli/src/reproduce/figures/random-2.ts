import { seedsText } from "../points.ts";
import { protocolText } from "../protocol-text.ts";
import { accuracyByDepth } from "./accuracy-lines.ts";
import type { DrawFigure } from "./definition.ts";
import { aboveText } from "./orderings.ts";

export const random2: DrawFigure = ({ spec, runs }) => {
  const panel = accuracyByDepth(runs);
  return {
    title: "BatchNorm against as many random weights",
    subtitle: `two weights of every channel train instead of gamma and beta; ${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [panel],
    notes: [aboveText(panel, "bn", "random")],
  };
};
