// How a photo was held, by the tag 0x0112 of its EXIF data: which sides the first row and the first column of the stored
// pixels are. 1 is upright, 3 upside down, 6 and 8 lie on a side; 2, 4, 5 and 7 are their mirror images.

const ORIENTATION = 0x0112;
/** `Exif`, and two zeros. */
const signature = [0x45, 0x78, 0x69, 0x66, 0, 0];

/**
 * The orientation that an APP1 segment of a JPEG tells.
 *
 * @returns 1 to 8; undefined where it tells none that exists
 */
export function orientationOf(content: Uint8Array): number | undefined {
  if (!signature.every((byte, i) => content[i] === byte) || content.length < 14) return undefined;
  const tiff = new DataView(content.buffer, content.byteOffset + 6, content.length - 6);
  const order = tiff.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const little = order === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return undefined;
  const entries = tiff.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > tiff.byteLength) return undefined;
    if (tiff.getUint16(at, little) !== ORIENTATION) continue;
    const value = tiff.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** Whether rows become columns. */
export function isTurned(orientation: number): boolean {
  return orientation >= 5;
}

/**
 * Stored pixels `[height, width, channels]` as they are meant to be seen.
 *
 * @param shape height and width of what is seen
 */
export function upright(
  stored: Uint8Array,
  [height, width]: readonly [number, number],
  channels: number,
  orientation: number,
): Uint8Array {
  if (orientation === 1) return stored;
  const seen = new Uint8Array(stored.length);
  const turned = isTurned(orientation);
  const [fromRight, fromBottom] = [
    [2, 3, 6, 7].includes(orientation),
    [3, 4, 7, 8].includes(orientation),
  ];
  const storedWidth = turned ? height : width;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const down = fromBottom ? height - 1 - y : y;
    for (let x = 0; x < width; x++) {
      const across = fromRight ? width - 1 - x : x;
      const pixel = turned ? across * storedWidth + down : down * storedWidth + across;
      for (let channel = 0; channel < channels; channel++) {
        seen[to++] = stored[pixel * channels + channel]!;
      }
    }
  }
  return seen;
}
