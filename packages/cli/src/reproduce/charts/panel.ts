import type { Scale } from "vega";
import type { Axis } from "../figure.ts";

/** Of every panel, without its axes. */
export const WIDTH = 460;

export const panelTitle = (text: string) => ({
  text,
  fontSize: 13,
  fontWeight: 600 as const,
  offset: 8,
  frame: "group" as const,
});

interface ScaleOptions {
  readonly name: string;
  readonly range: readonly [number, number];
  readonly values: readonly number[];
  /** Share of the axis beyond the outermost values, where the domain is not given. */
  readonly room: number;
}

/** The domain that is given, or that of the values with some room around them. */
export function scaleOf(axis: Axis, { name, range, values, room }: ScaleOptions): Scale {
  const logarithmic = axis.scale === "log";
  const [to, from] = logarithmic ? [Math.log, Math.exp] : [Number, Number];
  const placed = values.map(to);
  const [low, high] = [Math.min(...placed), Math.max(...placed)];
  const margin = high > low ? room * (high - low) : logarithmic ? 0.3 : 0.5;
  const domain = axis.domain ?? [from(low - margin), from(high + margin)];
  const common = { name, domain: [...domain], range: [...range] };
  return logarithmic
    ? { ...common, type: "log", base: 2 }
    : { ...common, type: "linear", zero: false };
}
