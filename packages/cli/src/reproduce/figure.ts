import type { PublishedValue } from "./published/published.ts";
import type { StyleName } from "./styles.ts";

/** One run's number in a figure. */
export interface Measured {
  readonly seed: number;
  readonly value: number;
  /** The hash of the run's configuration. */
  readonly run: string;
}

/** What all seeds say at one place of a series. */
export interface Point {
  readonly x: number;
  /** What stands there: a network. */
  readonly label?: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly measured: readonly Measured[];
}

export interface Series {
  readonly style: StyleName;
  readonly points: readonly Point[];
}

/** A published number at its place. */
export interface PublishedPoint extends PublishedValue {
  readonly style: StyleName;
  readonly x: number;
}

export interface Axis {
  readonly title: string;
  readonly scale: "linear" | "log";
  /** Where ticks stand; those of the data where it does not say. */
  readonly ticks?: readonly number[];
  readonly domain?: readonly [number, number];
  /** For vega's `format`, after d3-format. */
  readonly format?: string;
}

/** Curves over an axis, with bands over the seeds. */
export interface LinePanel {
  readonly kind: "lines";
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly published: readonly PublishedPoint[];
  /** Whether each point is named; then lines are thin, and seeds are bars and not bands. */
  readonly labelled?: boolean;
  /** Vertical lines that explain something. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

/** A row for each name. */
export interface RowPanel {
  readonly kind: "rows";
  readonly title?: string;
  readonly x: Axis;
  readonly rows: readonly {
    readonly name: string;
    readonly style: StyleName;
    readonly point: Point;
    readonly published: readonly PublishedValue[];
  }[];
}

/** Shares of values in bins, for each of some styles. */
export interface HistogramPanel {
  readonly kind: "histogram";
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly {
    readonly style: StyleName;
    readonly bins: readonly {
      readonly from: number;
      readonly to: number;
      readonly share: number;
    }[];
    /** What a reader should see of it. */
    readonly note: string;
  }[];
}

export type Panel = LinePanel | RowPanel | HistogramPanel;

/** What a figure shows, before it is drawn: its JSON. */
export interface Figure {
  readonly title: string;
  readonly subtitle: string;
  readonly panels: readonly Panel[];
  /** Sentences below the figure: what is ours, what is not, what does not hold. */
  readonly notes: readonly string[];
}
