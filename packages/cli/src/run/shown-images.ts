import type { ImageDataset } from "@bn-only/datasets";
import { encode } from "fast-png";
import type { ShownImage } from "./record.ts";

/** A PNG has no more: colours and transparency. */
const MOST_CHANNELS = 4;

/** Images of a data set as PNGs, each with what the network took it for; none where a PNG cannot hold them. */
export function shownImages(images: ImageDataset, predictions: Int32Array): ShownImage[] {
  if (images.shape[2] > MOST_CHANNELS) return [];
  return Array.from(predictions, (prediction, i) => ({
    png: pngOf(images, i),
    label: images.labels[i]!,
    prediction,
  }));
}

function pngOf({ images, shape }: ImageDataset, index: number): string {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const data = images.slice(index * size, (index + 1) * size);
  const png = encode({ width, height, data, channels: channels as 1 | 3, depth: 8 });
  return Buffer.from(png).toString("base64");
}
