import { depthOf } from "../networks.ts";
import { seedsText } from "../points.ts";
import { cifar10Accuracies } from "../published/cifar10.ts";
import { protocolText } from "../protocol-text.ts";
import { accuracyLines } from "./accuracy-lines.ts";
import type { DrawFigure } from "./definition.ts";
import { aboveText } from "./orderings.ts";

export const random2: DrawFigure = ({ spec, runs }) => {
  const panel = accuracyLines({
    runs,
    x: { title: "depth (layers)", scale: "log" },
    xOf: depthOf,
    published: cifar10Accuracies,
  });
  return {
    title: "BatchNorm against as many random weights",
    subtitle: `two weights of every channel train instead of gamma and beta; ${protocolText(spec.protocol)}; ${seedsText(runs)}`,
    panels: [panel],
    notes: [aboveText(panel, "bn", "random")],
  };
};
