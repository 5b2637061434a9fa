/** A part of a JPEG: a marker, and what follows its length. */
export interface JpegSegment {
  readonly marker: number;
  readonly content: Uint8Array;
}

const [startOfImage, endOfImage, startOfScan] = [0xd8, 0xd9, 0xda];

/**
 * The segments of a JPEG up to its end; the entropy-coded data behind a scan are stepped over.
 *
 * @returns what is wrong when a segment is cut off or something else stands where one should begin
 */
export function readSegments(bytes: Uint8Array): JpegSegment[] | string {
  const segments: JpegSegment[] = [];
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 2 > bytes.length) return "it ends before its last segment";
    if (bytes[at] !== 0xff) return `no segment begins at byte ${at}`;
    const marker = bytes[at + 1]!;
    if (marker === endOfImage) return segments;
    if (marker === startOfImage) return "it has a second beginning";
    at += 2;
    if (standsAlone(marker)) continue;
    const length = at + 2 > bytes.length ? 0 : bytes[at]! * 256 + bytes[at + 1]!;
    if (length < 2 || at + length > bytes.length) return `the segment at byte ${at - 2} is cut off`;
    segments.push({ marker, content: bytes.subarray(at + 2, at + length) });
    at += length;
    if (marker === startOfScan) at = endOfScan(bytes, at);
  }
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || isRestart(marker);
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/** Where the next marker is that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at === -1) return bytes.length;
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0x00 && next !== 0xff && !isRestart(next)) return at;
    at += next === 0xff ? 1 : 2;
  }
}
