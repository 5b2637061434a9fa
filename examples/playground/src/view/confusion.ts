import { byId, el } from "../page/dom.ts";
import { count, short } from "../page/format.ts";
import type { LaneView } from "../page/state.ts";
import { conditionLabel } from "../settings.ts";

/** Rows are what an image is, columns what the network says. */
export function drawConfusion(lanes: readonly LaneView[], classes: readonly string[]): void {
  const tables = lanes.flatMap(({ info, audit }, lane) =>
    audit
      ? [
          table(
            audit.confusion,
            classes,
            lanes.length === 2 ? conditionLabel(info.condition) : "",
            lane,
          ),
        ]
      : [],
  );
  byId("confusion").replaceChildren(...tables);
}

function table(
  confusion: Uint32Array,
  classes: readonly string[],
  name: string,
  lane: number,
): HTMLElement {
  const size = classes.length;
  const total = confusion.reduce((sum, value) => sum + value, 0);
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, "is \\ said"),
    ...classes.map((label) => el("th", { scope: "col", title: label }, short(label))),
  );
  const rows = classes.map((label, truth) => {
    const row = confusion.subarray(truth * size, (truth + 1) * size);
    const all = Math.max(
      1,
      row.reduce((sum, value) => sum + value, 0),
    );
    const cells = [...row].map((value, said) => {
      const strength = Math.round((55 * value) / all);
      const tint = said === truth ? "var(--right)" : "var(--wrong)";
      return el(
        "td",
        {
          class: value === 0 ? "none" : said === truth ? "hit" : "miss",
          style:
            value === 0
              ? undefined
              : `background: color-mix(in srgb, ${tint} ${strength}%, var(--card))`,
        },
        value === 0 ? "·" : count(value),
      );
    });
    return el("tr", {}, el("th", { scope: "row", title: label }, short(label)), ...cells);
  });
  const caption = el(
    "caption",
    {},
    el("strong", { class: `lane-${lane}` }, name),
    `${name ? ": " : ""}${count(total)} test images after the last epoch. Rows are what they are, columns what the network says.`,
  );
  return el(
    "figure",
    { class: "confusion", tabindex: "0", role: "group", "aria-label": `Confusion matrix ${name}` },
    el("table", {}, caption, el("thead", {}, head), el("tbody", {}, ...rows)),
  );
}
