import type {
  Activations,
  Audit,
  Curves,
  DataInfo,
  LaneInfo,
  Look,
  RunStatus,
} from "../protocol.ts";
import { defaults, type Settings } from "../settings.ts";

/** One network, as far as the page knows it. */
export interface LaneView {
  readonly info: LaneInfo;
  step: number;
  epoch: number;
  imagesPerSecond: number;
  curves: Curves;
  look?: Look;
  audit?: Audit;
  activations?: Activations;
}

/** What the page shows. */
export interface PageState {
  /** As they stand in the form; a run keeps those that it began with. */
  settings: Settings;
  /** Of the run that is shown. */
  running: Settings | undefined;
  status: RunStatus;
  data: DataInfo | undefined;
  lanes: LaneView[];
  image: number;
  layer: string;
}

export function initialState(): PageState {
  return {
    settings: defaults,
    running: undefined,
    status: "idle",
    data: undefined,
    lanes: [],
    image: 0,
    layer: "stem/bn",
  };
}

export const noCurves: Curves = {
  train: { at: [], loss: [], accuracy: [] },
  test: { at: [], loss: [], accuracy: [] },
};

/** Test accuracy of the last epoch that a lane has finished. */
export function testAccuracy({ curves }: LaneView): number | undefined {
  return curves.test.accuracy.at(-1);
}
