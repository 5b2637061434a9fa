import type { Lesson } from "./measure.ts";
import { count, element, percent, picture, text } from "./svg.ts";

const columns = 50;
const rows = 20;
const side = 9;

/** All numbers of a network as a thousand squares, and how many of them train. */
export function drawShare({ trained, total }: Lesson): string {
  const filled = Math.round((columns * rows * trained) / total);
  const squares = Array.from({ length: columns * rows }, (_, i) =>
    element("rect", {
      x: (i % columns) * (side + 1),
      y: Math.floor(i / columns) * (side + 1),
      width: side,
      height: side,
      class: i < filled ? "trained" : "frozen",
    }),
  );
  const each = Math.round(total / squares.length);
  const name = `${count(trained)} of ${count(total)} numbers train, ${percent(trained / total)}`;
  const height = rows * (side + 1);
  return picture(
    name,
    { width: columns * (side + 1), height: height + 44 },
    ...squares,
    text(0, height + 18, name, { class: "strong" }),
    text(0, height + 38, `a square is ${count(each)} numbers of cifar-resnet-14`),
  );
}
