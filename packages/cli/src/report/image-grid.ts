import type { ShownImage } from "../run/record.ts";
import { escape } from "./escape.ts";

/** Test images, each with what the network takes it for. */
export function imageGrid(shown: readonly ShownImage[], classes: readonly string[]): string {
  const name = (label: number): string => classes[label] ?? `class ${label}`;
  const cells = shown.map(({ png, label, prediction }) => {
    const right = prediction === label;
    const says = right ? name(prediction) : `${name(prediction)}, is ${name(label)}`;
    return (
      `<li class="${right ? "right" : "wrong"}" title="${escape(says)}"><img src="data:image/png;base64,${escape(png)}" alt="${escape(name(label))}">` +
      `<span>${right ? "✓" : "✗"} ${escape(name(prediction))}</span>` +
      `<small>${right ? "&nbsp;" : `is ${escape(name(label))}`}</small></li>`
    );
  });
  const hits = shown.filter(({ label, prediction }) => prediction === label).length;
  return (
    `<p>The first ${shown.length} test images; ${hits} of them are classified right.</p>` +
    `<ol class="images">${cells.join("")}</ol>`
  );
}
