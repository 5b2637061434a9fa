import type { FileSize } from "./measure.ts";
import { element, linear, picture, text } from "./svg.ts";

const width = 500;
const rowHeight = 62;
const left = 8;

/** The model file beside a file of all weights, each bar on one logarithmic scale from 1 kB. */
export function drawSizes(sizes: readonly FileSize[]): string {
  const most = Math.max(...sizes.map(({ weights }) => weights));
  const x = linear([3, Math.log10(most)], [0, 340]);
  const bars = sizes.flatMap(({ network, model, weights }, i) => {
    const top = i * rowHeight;
    return [
      text(left, top + 14, network, { class: "strong" }),
      ...[
        { bytes: model, what: "model file", style: "trained" },
        { bytes: weights, what: "all weights", style: "frozen" },
      ].flatMap(({ bytes, what, style }, j) => [
        element("rect", {
          x: left,
          y: top + 21 + 16 * j,
          width: x(Math.log10(bytes)),
          height: 13,
          class: style,
        }),
        text(left + x(Math.log10(bytes)) + 6, top + 32 + 16 * j, `${kilobytes(bytes)} ${what}`),
      ]),
    ];
  });
  return picture(
    `Sizes: ${sizes.map(({ network, model, weights }) => `${network} ${kilobytes(model)} of ${kilobytes(weights)}`).join(", ")}`,
    { width, height: sizes.length * rowHeight },
    ...bars,
  );
}

const kilobytes = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
