import { open, readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { FormatError } from "../errors.ts";
import { checkFile } from "./check-file.ts";
import { codeOf, noImage } from "./file-errors.ts";
import { imageHeader } from "../formats/image-header.ts";

/** What a class is called, and its images in the order of their paths. */
export interface ClassFolder {
  readonly name: string;
  readonly files: readonly string[];
}

const read: ReadonlySet<string> = new Set([".png", ".jpg", ".jpeg"]);
const notRead: ReadonlySet<string> = new Set(
  ".apng .avif .bmp .gif .heic .jp2 .pgm .pnm .ppm .tif .tiff .webp".split(" "),
);

/** Bytes that hold the header of nearly every image. */
const headerBytes = 65_536;

const filesAtOnce = 16;

const noFolder =
  (path: string) =>
  (error: unknown): never => {
    throw new FormatError(path, `expected a folder, got none (${codeOf(error)}).`);
  };

/** Names of the folders inside one, in the order of their characters; hidden ones are passed over. */
export async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(noFolder(path));
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() && (await leadsToFolder(join(path, entry.name))));
    if (isFolder) names.push(entry.name);
  }
  return names.sort();
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

/**
 * The classes in a folder: every folder inside is one, with the PNGs and JPEGs at any depth in it.
 *
 * @throws FormatError when there is no class, a class has no image, or an image of another format
 */
export async function scanClasses(path: string): Promise<ClassFolder[]> {
  const classes: ClassFolder[] = [];
  for (const name of await foldersIn(path)) {
    const folder = join(path, name);
    const files: string[] = [];
    for (const file of await readdir(folder, { recursive: true }).catch(noFolder(folder))) {
      const extension = extname(file).toLowerCase();
      if (file.split(/[\\/]/).some((part) => part.startsWith("."))) continue;
      if (notRead.has(extension)) {
        throw new FormatError(join(folder, file), "expected a PNG or JPEG. Convert or remove it.");
      }
      if (read.has(extension)) files.push(join(folder, file));
    }
    if (files.length === 0) {
      throw new FormatError(folder, "expected PNGs or JPEGs of this class, found none.");
    }
    classes.push({ name, files: files.sort() });
  }
  if (classes.length === 0) {
    throw new FormatError(path, "expected a folder with images for each class, found none.");
  }
  return classes;
}

/** Whether it holds folders and no images, as a split does. */
export async function holdsClasses(path: string): Promise<boolean> {
  if ((await foldersIn(path)).length === 0) return false;
  const entries = await readdir(path).catch(noFolder(path));
  return !entries.some((name) => {
    const extension = extname(name).toLowerCase();
    return !name.startsWith(".") && (read.has(extension) || notRead.has(extension));
  });
}

/** Height and width of an image, from its header. */
async function sizeOf(file: string): Promise<readonly [height: number, width: number]> {
  let handle;
  try {
    const { size } = await checkFile(file);
    handle = await open(file);
    let bytes = new Uint8Array(Math.min(size, headerBytes));
    await handle.read(bytes, 0, bytes.length, 0);
    let header = imageHeader(bytes);
    if (header === undefined && size > bytes.length) {
      bytes = new Uint8Array(size);
      await handle.read(bytes, 0, size, 0);
      header = imageHeader(bytes);
    }
    if (header !== undefined) return [header.height, header.width];
    throw new FormatError(file, `expected a PNG or JPEG, got ${size} other bytes.`);
  } catch (error) {
    throw noImage(file, error);
  } finally {
    await handle?.close();
  }
}

/**
 * The one size of all images.
 *
 * @throws FormatError that names the first image of another size
 */
export async function commonSize(
  files: readonly string[],
): Promise<readonly [height: number, width: number]> {
  const first = await sizeOf(files[0]!);
  for (let start = 0; start < files.length; start += filesAtOnce) {
    const some = files.slice(start, start + filesAtOnce);
    const sizes = await Promise.all(some.map(sizeOf));
    for (const [i, [height, width]] of sizes.entries()) {
      if (height === first[0] && width === first[1]) continue;
      throw new FormatError(
        some[i]!,
        `expected ${first.join("x")} pixels as ${files[0]}, got ${height}x${width}. ` +
          "Give imageFolder a size, and every image is brought to it.",
      );
    }
  }
  return first;
}
