import { setText } from "../page/dom.ts";
import type { LaneView } from "../page/state.ts";
import { conditionLabel } from "../settings.ts";

/** Names a lane where there are two. */
export function laneName(element: HTMLElement, lanes: readonly LaneView[], lane: number): void {
  element.hidden = lanes.length < 2;
  element.className = `lane-name lane-${lane}`;
  setText(element, conditionLabel(lanes[lane]!.info.condition));
}
