import { el, setText } from "../page/dom.ts";
import type { LaneView } from "../page/state.ts";
import { conditionLabel } from "../settings.ts";

/** Names a lane where there are two. */
function laneName(element: HTMLElement, lanes: readonly LaneView[], lane: number): void {
  element.hidden = lanes.length < 2;
  element.className = `lane-name lane-${lane}`;
  setText(element, conditionLabel(lanes[lane]!.info.condition));
}

export interface LaneFigure {
  readonly canvas: HTMLCanvasElement;
  readonly caption: HTMLElement;
}

/** A named picture with a caption for each lane in `holder`; they are made anew only when their number changes. */
export function laneFigures(holder: HTMLElement, lanes: readonly LaneView[]): LaneFigure[] {
  holder.classList.toggle("two", lanes.length === 2);
  if (holder.querySelectorAll("canvas").length !== lanes.length) {
    holder.replaceChildren(
      ...lanes.map(() =>
        el(
          "div",
          {},
          el("p", { class: "lane-name" }),
          el("canvas", { role: "img" }),
          el("p", { class: "caption" }),
        ),
      ),
    );
  }
  return lanes.map((_, i) => {
    const [name, canvas, caption] = holder.children[i]!.children as unknown as [
      HTMLElement,
      HTMLCanvasElement,
      HTMLElement,
    ];
    laneName(name, lanes, i);
    return { canvas, caption };
  });
}
