import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { temporaryFolder } from "../fixtures.ts";

/** RGB pixels `seed + 3 y + 5 x + 50 c` of one image. */
export function pixelsOf(seed: number, height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return seed + 3 * Math.floor(pixel / width) + 5 * (pixel % width) + 50 * (i % 3);
  });
}

export function png(seed: number, height = 6, width = 8): Uint8Array {
  return encodePng({ height, width, channels: 3, data: pixelsOf(seed, height, width) });
}

export function jpg(seed: number, height = 6, width = 8): Uint8Array {
  const data = Buffer.alloc(height * width * 4, 255);
  const pixels = pixelsOf(seed, height, width);
  for (let i = 0; i < height * width; i++) data.set(pixels.subarray(3 * i, 3 * i + 3), 4 * i);
  return jpeg.encode({ height, width, data }, 90).data;
}

/** A temporary folder with these files; `undefined` makes an empty folder. */
export async function folderOf(
  files: Readonly<Record<string, Uint8Array | string | undefined>>,
): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(content === undefined ? path : dirname(path), { recursive: true });
    if (content !== undefined) await writeFile(path, content);
  }
  return folder;
}

/** Two classes with `count` images each, PNG and JPEG in turns, of several sizes when `mixed`. */
export function twoClasses(count: number, mixed = false): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [label, name] of ["cat", "dog"].entries()) {
    for (let n = 0; n < count; n++) {
      const size = mixed ? ([5 + (n % 4), 9 - (n % 3)] as const) : ([6, 8] as const);
      const make = n % 2 === 0 ? png : jpg;
      const extension = n % 2 === 0 ? "png" : "JPG";
      files[`${name}/${String(n).padStart(3, "0")}.${extension}`] = make(40 * label + n, ...size);
    }
  }
  return files;
}
