import { byId, el, setText } from "../page/dom.ts";
import { short } from "../page/format.ts";
import { drawImage } from "./pixels.ts";

/** What is shown below one image, of one network. */
interface Prediction {
  readonly name: string;
  readonly share: number;
  readonly right: boolean;
}

/** Makes the grid of test images; each is a button that picks it. */
export function layOutImages(
  target: HTMLElement,
  images: Uint8Array,
  labels: Uint8Array,
  side: number,
  classes: readonly string[],
  onPick?: (image: number) => void,
): void {
  const size = side * side * 3;
  const items = [...labels].map((label, i) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    drawImage(canvas, images.subarray(i * size, (i + 1) * size), side);
    const name = el("b", { class: "unseen" }, `Image ${i + 1}, ${classes[label]}. `);
    const said = [el("span"), el("span")];
    if (!onPick) return el("li", {}, canvas, name, ...said);
    const button = el(
      "button",
      { type: "button", "aria-pressed": i === 0 ? "true" : "false" },
      canvas,
      name,
      ...said,
    );
    button.addEventListener("click", () => onPick(i));
    return el("li", {}, button);
  });
  target.replaceChildren(...items);
}

export function showPick(image: number): void {
  for (const [i, button] of byId("images").querySelectorAll("button").entries()) {
    button.setAttribute("aria-pressed", String(i === image));
  }
}

/** Writes what the networks say below each image. */
export function showPredictions(
  target: HTMLElement,
  labels: Uint8Array,
  classes: readonly string[],
  lanes: readonly Float32Array[],
): void {
  for (const [i, item] of [...target.children].entries()) {
    const holder = item.querySelector("button") ?? item;
    const spans = holder.querySelectorAll("span");
    const said = lanes.map((shares) => predictionOf(shares, i, labels[i]!, classes));
    for (const [lane, span] of spans.entries()) {
      const prediction = said[lane];
      setText(span, prediction ? textOf(prediction, lanes.length === 2 ? lane : undefined) : "");
      span.className = prediction ? (prediction.right ? "right" : "wrong") : "";
    }
    item.className = said[0] ? (said[0].right ? "right" : "wrong") : "";
  }
}

function textOf({ name, share, right }: Prediction, lane: number | undefined): string {
  const mark = lane === undefined ? "" : lane === 0 ? "1: " : "2: ";
  return `${mark}${right ? "" : "✗ "}${short(name)} ${Math.round(100 * share)}\u202f%`;
}

function predictionOf(
  shares: Float32Array,
  image: number,
  label: number,
  classes: readonly string[],
): Prediction {
  const row = shares.subarray(image * classes.length, (image + 1) * classes.length);
  const best = row.indexOf(row.reduce((most, share) => Math.max(most, share), -1));
  return { name: classes[best] ?? "nothing", share: row[best] ?? 0, right: best === label };
}
