import { byId, colour, el, setText } from "../page/dom.ts";
import { count } from "../page/format.ts";
import type { LaneView } from "../page/state.ts";
import type { Strip } from "../protocol.ts";
import { laneFigures } from "./lanes.ts";

const OFF = 0.01;

/** A row for every BatchNorm, a cell for every channel: how large its gamma is, and whether it is off. */
export function drawStrips(lanes: readonly LaneView[]): void {
  const target = byId("strips");
  if (!lanes.some(({ look }) => look)) return;
  if (!target.querySelector(".strip-lanes")) {
    target.replaceChildren(el("div", { class: "strip-lanes" }), legend());
  }
  const holder = target.firstElementChild as HTMLElement;
  for (const [i, { canvas, caption }] of laneFigures(holder, lanes).entries()) {
    const { look } = lanes[i]!;
    if (!look) continue;
    draw(canvas, look.strips, i);
    const text = summary(look.strips);
    setText(caption, text);
    canvas.setAttribute("aria-label", `Channels by layer. ${text}`);
  }
}

function draw(canvas: HTMLCanvasElement, strips: readonly Strip[], lane: number): void {
  const columns = Math.max(...strips.map(({ gamma }) => gamma.length));
  const cell = columns > 128 ? 3 : columns > 64 ? 5 : 9;
  const row = strips.length > 30 ? 6 : 14;
  const width = columns * cell;
  const height = strips.length * (row + 2);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d")!;
  context.clearRect(0, 0, width, height);
  const [on, off, dead] = [colour(`--lane-${lane}`), colour("--ink"), colour("--rule")];
  for (const [r, { gamma, zeros }] of strips.entries()) {
    const size = width / gamma.length;
    for (let c = 0; c < gamma.length; c++) {
      const value = Math.abs(gamma[c]!);
      const silent = zeros?.[c] === 1;
      context.globalAlpha = value < OFF ? 1 : silent ? 1 : 0.12 + 0.88 * Math.min(1, value / 1.2);
      context.fillStyle = value < OFF ? off : silent ? dead : on;
      context.fillRect(c * size, r * (row + 2), size - 1, row);
    }
  }
  context.globalAlpha = 1;
}

function summary(strips: readonly Strip[]): string {
  const channels = strips.reduce((sum, { gamma }) => sum + gamma.length, 0);
  const off = strips.reduce(
    (sum, { gamma }) => sum + gamma.filter((g) => Math.abs(g) < OFF).length,
    0,
  );
  const silent = strips.reduce(
    (sum, { zeros }) => sum + (zeros ? zeros.filter((share) => share === 1).length : 0),
    0,
  );
  return `${count(off)} of ${count(channels)} channels in ${strips.length} layers are off, ${count(silent)} never fire on test images.`;
}

function legend(): HTMLElement {
  const item = (style: string, text: string): HTMLElement =>
    el("li", {}, el("span", { class: "swatch block", style }), text);
  return el(
    "ul",
    { class: "legend", style: "margin-top: 10px" },
    item("background: var(--lane-0)", "large gamma"),
    item("background: color-mix(in srgb, var(--lane-0) 20%, var(--card))", "small"),
    item("background: var(--ink)", "off, |gamma| < 0.01"),
    item("background: var(--rule)", "never fires"),
  );
}
