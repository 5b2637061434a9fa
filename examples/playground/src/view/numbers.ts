import { byId, el } from "../page/dom.ts";
import { bytes, count, percent } from "../page/format.ts";
import { type LaneView, testAccuracy } from "../page/state.ts";
import type { DataInfo } from "../protocol.ts";
import { join, offShare } from "./gamma.ts";

/** The four numbers of the first look; with two lanes each stands twice. */
export function drawNumbers(lanes: readonly LaneView[], data: DataInfo | undefined): void {
  const cells = [...byId("numbers").children] as HTMLElement[];
  const write = (cell: number, values: readonly string[], note: string): void => {
    const [, value, text] = cells[cell]!.children as unknown as [Element, HTMLElement, HTMLElement];
    value.className = values.length === 2 ? "pair" : "";
    value.replaceChildren(
      ...(values.length === 2
        ? values.map((word, lane) => el("span", { class: `lane-${lane}` }, word))
        : [values[0] ?? "–"]),
    );
    text.textContent = note;
  };
  const tested = lanes.map(testAccuracy);
  const losses = lanes.map(({ curves }) => curves.test.loss.at(-1)?.toFixed(3) ?? "–");
  write(
    0,
    tested.map((share) => (share === undefined ? "–" : percent(share))),
    tested[0] === undefined ? "before the first epoch" : `loss ${losses.join(" and ")}`,
  );
  if (lanes.length > 0) {
    write(
      1,
      lanes.map(({ info }) => count(info.trainable)),
      `of ${count(lanes[0]!.info.total)}`,
    );
  }
  const used = lanes[0]?.look?.memory;
  write(
    2,
    lanes.map(({ imagesPerSecond }) =>
      imagesPerSecond > 0 ? count(Math.round(imagesPerSecond)) : "–",
    ),
    used && data
      ? `images ${bytes(data.bytes)}, training ${bytes(used.held ?? used.used)}`
      : "once it trains",
  );
  const off = lanes.flatMap(({ look }) =>
    look ? [percent(offShare(join(look.strips.map(({ gamma }) => gamma))))] : [],
  );
  const before = lanes[0] ? `; ${percent(offShare(lanes[0].info.gammaBefore))} before` : "";
  write(3, off, `|gamma| < 0.01${before}`);
}
