import { readSegments } from "./jpeg-segments.ts";

/** Most scans that are decoded; encoders write about ten. Each goes over the whole image. */
const mostScans = 100;

/** Fewest bits that a block of 8x8 takes, so that a false size asks for no memory. */
const bitsPerBlock = 1;

/**
 * What keeps a JPEG from being decoded, found before anything is decoded: another coding than
 * Huffman with 8 bits, no or two frames, more blocks than its bytes can hold, or too many scans.
 *
 * @returns undefined when nothing does
 */
export function jpegProblem(bytes: Uint8Array): string | undefined {
  const segments = readSegments(bytes);
  if (typeof segments === "string") return segments;
  const frames = segments.filter(({ marker }) => isFrame(marker));
  if (frames.length !== 1) return `it has ${frames.length} frames`;
  const { marker, content } = frames[0]!;
  if (marker > 0xc2) return `its coding ${marker - 0xc0} is none of 0, 1 and 2`;
  if (content[0] !== 8) return `it has ${content[0]} bits for a sample`;
  const components = content[5] ?? 0;
  if (![1, 3, 4].includes(components) || content.length !== 6 + 3 * components) {
    return `it has ${components} components`;
  }
  const [height, width] = [content[1]! * 256 + content[2]!, content[3]! * 256 + content[4]!];
  let [horizontal, vertical, perUnit] = [1, 1, 0];
  const names = new Set<number>();
  for (let i = 0; i < components; i++) {
    const factors = content[7 + 3 * i]!;
    const [h, v] = [factors >> 4, factors & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4) return `a component is sampled ${h}x${v}`;
    names.add(content[6 + 3 * i]!);
    horizontal = Math.max(horizontal, h);
    vertical = Math.max(vertical, v);
    perUnit += h * v;
  }
  if (names.size !== components) return "two components have one name";
  const units = Math.ceil(width / (8 * horizontal)) * Math.ceil(height / (8 * vertical));
  if (units * perUnit * bitsPerBlock > 8 * bytes.length) return "its pixels are cut off";
  const scans = segments.filter((segment) => segment.marker === 0xda).length;
  if (scans === 0) return "it has no pixels";
  return scans > mostScans ? `it has ${scans} scans, more than ${mostScans}` : undefined;
}

/** SOF0 to SOF15, without DHT, JPG and DAC, which lie between them. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
