import { byId, el, setText } from "../page/dom.ts";
import type { LaneView } from "../page/state.ts";
import type { Activations } from "../protocol.ts";
import { laneFigures } from "./lanes.ts";
import { drawTiles } from "./pixels.ts";

/** Channels on the page at most. */
const MOST = 64;

/** What a layer makes of the picked image; the layer is chosen by its path. */
export function drawActivations(lanes: readonly LaneView[], onLayer: (path: string) => void): void {
  const target = byId("activations");
  const first = lanes[0]?.activations;
  if (!first) return;
  if (!target.querySelector("select")) {
    target.replaceChildren(choice(onLayer), el("div", { class: "activation-lanes" }));
  }
  const [head, holder] = target.children as unknown as [HTMLElement, HTMLElement];
  fillChoice(head.querySelector("select")!, first);
  for (const [i, { canvas, caption }] of laneFigures(holder, lanes).entries()) {
    const { activations } = lanes[i]!;
    if (!activations) continue;
    draw(canvas, activations, lanes.length === 2);
    const text = describe(activations);
    setText(caption, text);
    canvas.setAttribute("aria-label", text);
  }
}

function choice(onLayer: (path: string) => void): HTMLElement {
  const select = el("select", { id: "layer" });
  select.addEventListener("change", () => onLayer(select.value));
  return el("div", { class: "layer-choice" }, el("label", { for: "layer" }, "Layer"), select);
}

function fillChoice(select: HTMLSelectElement, { layers, layer }: Activations): void {
  if (select.options.length !== layers.length || select.options[0]?.value !== layers[0]?.path) {
    select.replaceChildren(
      ...layers.map(({ path, shape }) =>
        el("option", { value: path }, `${path}  (${shape.join(" × ")})`),
      ),
    );
  }
  if (select.value !== layer) select.value = layer;
}

function draw(canvas: HTMLCanvasElement, { shape, values }: Activations, narrow: boolean): void {
  const [height, width, channels] =
    shape.length === 3 ? (shape as [number, number, number]) : [1, 1, shape[0]!];
  const count = Math.min(MOST, channels);
  let [low, high] = [0, 1e-6];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const most = Math.max(-low, high);
  drawTiles(canvas, {
    count,
    height: shape.length === 3 ? height : 4,
    width: shape.length === 3 ? width : 4,
    columns: Math.min(count, narrow ? 6 : 8),
    pixel(tile, y, x) {
      const value = values[shape.length === 3 ? (y * width + x) * channels + tile : tile]! / most;
      // Black is zero, orange fires, blue is below zero.
      return value >= 0
        ? [22 + 229 * value, 21 + 125 * value, 19 + 41 * value]
        : [22 - 74 * value, 21 - 160 * value, 19 - 215 * value];
    },
  });
}

function describe({ layer, shape, values, image }: Activations): string {
  const channels = shape.at(-1)!;
  const zeros = values.filter((value) => value === 0).length / values.length;
  const seen = channels > MOST ? `the first ${MOST} of ${channels}` : channels;
  const what = shape.length === 3 ? "channels" : "numbers";
  return `${layer}, test image ${image + 1}: ${seen} ${what}, ${Math.round(100 * zeros)} % of the values are zero. Orange fires, blue is below zero.`;
}
