type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : value}"`)
    .join("");
  return `<${name}${written}>${children.join("")}</${name}>`;
}

/** Text in the colour of the page; `soft` for what explains. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escape(words));
}

/** A picture with a name for those who do not see it. Its colours are classes, which follow the page's light or dark mode. */
export function picture(
  name: string,
  { width, height }: { readonly width: number; readonly height: number },
  ...children: string[]
): string {
  const box = { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": escape(name) };
  return element("svg", { xmlns: "http://www.w3.org/2000/svg", ...box }, ...children);
}

/** A line across for each share, with its percents to the left. */
export function ruler(
  { left, right }: { readonly left: number; readonly right: number },
  y: (share: number) => number,
  shares: readonly number[],
): string[] {
  return shares.flatMap((share) => [
    element("path", { d: `M${left} ${y(share)}H${right}`, class: "grid" }),
    text(left - 6, y(share) + 4, `${Math.round(100 * share)} %`, { "text-anchor": "end" }),
  ]);
}

/** A line through what was measured after each epoch, which is 1 for the first. */
export function curve(
  values: readonly number[],
  x: (epoch: number) => number,
  y: (value: number) => number,
  style: string,
): string {
  const points = values.map((value, i) => `${x(i + 1).toFixed(1)} ${y(value).toFixed(1)}`);
  return element("path", { d: `M${points.join("L")}`, class: style });
}

/** From `[from, to]` to `[start, end]`. */
export function linear(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const count = (value: number): string => value.toLocaleString("en-US");

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

const escape = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
