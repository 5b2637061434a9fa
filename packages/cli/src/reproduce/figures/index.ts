import type { FigureName } from "../figure-spec.ts";
import { bytes } from "./bytes.ts";
import { conditions } from "./conditions.ts";
import { curves } from "./curves.ts";
import type { DrawFigure } from "./definition.ts";
import { depth } from "./depth.ts";
import { gamma } from "./gamma.ts";
import { imagenet } from "./imagenet.ts";
import { random2 } from "./random-2.ts";
import { thresholds } from "./thresholds.ts";
import { width } from "./width.ts";

/** Those that test networks again, so that a run's hash and gammas are not enough. */
export const opensModels: ReadonlySet<FigureName> = new Set(["imagenet", "thresholds", "bytes"]);

/** Those that name each kind of run, where others tell them apart by style alone. */
export const drawsNames: ReadonlySet<FigureName> = new Set(["conditions", "bytes"]);

export const figures: Readonly<Record<FigureName, DrawFigure>> = {
  depth,
  width,
  conditions,
  "random-2": random2,
  imagenet,
  gamma,
  thresholds,
  curves,
  bytes,
};
