import { byId, setText } from "../page/dom.ts";
import { count } from "../page/format.ts";
import type { LaneView } from "../page/state.ts";
import { laneFigures } from "./lanes.ts";
import { drawTiles } from "./pixels.ts";

/** Dots for each weight, so that the lines between filters are thin. */
const SCALE = 6;

/** The first layer's 3x3 filters in colour, and the proof that frozen ones do not move. */
export function drawFilters(lanes: readonly LaneView[]): void {
  const target = byId("filters");
  target.classList.add("filter-lanes");
  if (!lanes.some(({ look }) => look)) return;
  for (const [i, { canvas, caption }] of laneFigures(target, lanes).entries()) {
    const lane = lanes[i]!;
    if (!lane.look) continue;
    draw(canvas, lane.look.filters, lanes.length === 2 ? 4 : 8);
    canvas.setAttribute("aria-label", `${lane.look.filters.length / 27} filters of 3 by 3 pixels`);
    setText(caption, proof(lane));
  }
}

function draw(canvas: HTMLCanvasElement, filters: Float32Array, columns: number): void {
  const tiles = filters.length / 27;
  const most = filters.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-6);
  const shade = (at: number): number => 128 + (127 * filters[at]!) / most;
  drawTiles(canvas, {
    count: tiles,
    width: 3 * SCALE,
    height: 3 * SCALE,
    columns: tiles > 32 ? 2 * columns : columns,
    pixel(tile, y, x) {
      const at = (Math.floor(y / SCALE) * 3 + Math.floor(x / SCALE)) * 3 * tiles + tile;
      return [shade(at), shade(at + tiles), shade(at + 2 * tiles)];
    },
  });
}

function proof({ audit, step, info }: LaneView): string {
  if (!audit) return "";
  if (info.trainable === info.total) return "Everything trains here, so these move.";
  const { fingerprint, fingerprintBefore, frozen } = audit;
  const hash = `${fingerprint.slice(0, 8)}…${fingerprint.slice(-4)}`;
  return fingerprint === fingerprintBefore
    ? `SHA-256 of ${count(frozen)} frozen weights after ${count(step)} steps: ${hash}, the same as before the first.`
    : `The frozen weights changed: ${fingerprintBefore.slice(0, 8)}… became ${hash}. That is a fault of this page.`;
}
