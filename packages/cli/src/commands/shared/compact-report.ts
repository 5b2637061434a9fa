import { bytes, count, percent, table } from "../../format.ts";
import type { OpenedNetwork } from "../evaluate/open-network.ts";
import type { Comparison } from "./compare-networks.ts";

type Pair = readonly [before: number, after: number];

/** Of two networks. */
export type Sizes = Readonly<Record<"parameters" | "macs" | "bytes", Pair>>;

/** What became of size, speed and accuracy, for people. */
export function changes({ parameters, macs, bytes: sizes }: Sizes, comparison: Comparison): string {
  const { imagesPerSecond, accuracy, loss, largestDifference, largestOutput } = comparison;
  const rows = [
    row("parameters", parameters, count),
    row("multiply-adds", macs, (value) => `${(value / 1e6).toFixed(2)} M`),
    row("all weights", sizes, bytes),
    row("images/s", imagesPerSecond, (value) => count(Math.round(value))),
  ];
  if (accuracy) {
    const [before, after] = accuracy;
    const points = `${signed(100 * (after - before), 2)} points`;
    rows.push(["test accuracy", percent(before), percent(after), points]);
  }
  if (loss) rows.push(row("test loss", loss, (value) => value.toFixed(4)));
  const difference =
    `On random images, outputs differ by at most ${largestDifference.toExponential(1)}, ` +
    `where the largest is ${largestOutput.toPrecision(3)}.`;
  return `${table([["", "before", "after", "change"], ...rows])}\n\n${difference}`;
}

function row(name: string, pair: Pair, show: (value: number) => string): string[] {
  const [before, after] = pair;
  return [name, ...pair.map(show), `${signed((100 * (after - before)) / before, 1)} %`];
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) > 0 ? `+${text}` : text.replace(/^-(?=[0.]+$)/, "");
}

/** The file, and what a model that draws its weights takes. */
export function writtenFile(out: string, opened: OpenedNetwork, file: Uint8Array): string {
  const written = `${out}: ${bytes(file.length)}`;
  if (opened.seed === undefined) return written;
  return `${written}, all weights in it.\n${opened.file} has ${bytes(opened.bytes)} and draws them from its seed.`;
}
