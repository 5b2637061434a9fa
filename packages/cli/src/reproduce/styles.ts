/** A colour of Okabe and Ito's palette, which colour-blind people tell apart, and a shape that needs no colour. */
export interface Style {
  readonly name: string;
  readonly color: string;
  readonly shape: string;
}

const styles = {
  all: { name: "all parameters", color: "#000000", shape: "square" },
  "bn+shortcut+head": { name: "BatchNorm, shortcuts, output", color: "#0072B2", shape: "diamond" },
  bn: { name: "BatchNorm only", color: "#D55E00", shape: "circle" },
  "bn, alternate": {
    name: "BatchNorm only, other initialisation",
    color: "#E69F00",
    shape: "circle",
  },
  "bn+head": { name: "BatchNorm, output", color: "#56B4E9", shape: "diamond" },
  random: { name: "random weights", color: "#CC79A7", shape: "triangle-down" },
  "shortcut+head": { name: "shortcuts, output", color: "#009E73", shape: "triangle-up" },
  none: { name: "nothing", color: "#7A7A7A", shape: "cross" },
  other: { name: "others", color: "#7A7A7A", shape: "circle" },
  "dense-float32": { name: "all parameters, float32", color: "#000000", shape: "square" },
  "dense-int8": { name: "all parameters, int8", color: "#009E73", shape: "triangle-up" },
} as const satisfies Readonly<Record<string, Style>>;

export type StyleName = keyof typeof styles;

export const styleOf = (name: StyleName): Style => styles[name];

export const styleNames = Object.keys(styles) as readonly StyleName[];
