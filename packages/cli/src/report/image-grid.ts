import type { ImageDataset } from "@bn-only/datasets";
import { encode } from "fast-png";
import { escape } from "./escape.ts";

/** Test images, each with what the network takes it for. */
export function imageGrid(images: ImageDataset, predictions: Int32Array): string {
  const name = (label: number): string => images.classes[label] ?? `class ${label}`;
  const cells = Array.from(predictions, (predicted, i) => {
    const actual = images.labels[i]!;
    const right = predicted === actual;
    const says = right ? name(predicted) : `${name(predicted)}, is ${name(actual)}`;
    return (
      `<li class="${right ? "right" : "wrong"}" title="${escape(says)}"><img src="${dataUri(images, i)}" alt="${escape(name(actual))}">` +
      `<span>${right ? "✓" : "✗"} ${escape(name(predicted))}</span>` +
      `<small>${right ? "&nbsp;" : `is ${escape(name(actual))}`}</small></li>`
    );
  });
  const hits = Array.from(predictions).filter(
    (predicted, i) => predicted === images.labels[i],
  ).length;
  return (
    `<p>The first ${predictions.length} test images; ${hits} of them are classified right.</p>` +
    `<ol class="images">${cells.join("")}</ol>`
  );
}

function dataUri({ images, shape }: ImageDataset, index: number): string {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const data = images.slice(index * size, (index + 1) * size);
  const png = encode({ width, height, data, channels: channels as 1 | 3, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
