const whole = new Intl.NumberFormat("en-US");

export function count(value: number): string {
  return whole.format(value);
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${(size / 1000).toFixed(1)} KB`;
  return `${(size / 1e6).toFixed(1)} MB`;
}

export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A name of the user's where there is room for a word or two. */
export function short(name: string): string {
  const characters = [...name];
  return characters.length > 14 ? `${characters.slice(0, 13).join("").trimEnd()}…` : name;
}

/** `ResNet-14`, `ResNet-14-2`. */
export function networkName(architecture: string): string {
  return architecture.replace(/^cifar-resnet/, "ResNet");
}
