import { allocate } from "../allocate.ts";
import { checkFiles } from "../check-dataset.ts";
import { needNode } from "../environment.ts";
import { cover } from "../transforms/cover.ts";
import { pipeline } from "../transforms/pipeline.ts";
import { transformRandom } from "../transforms/transform-random.ts";
import { FormatError } from "../errors.ts";
import type { ImageDataset, ImageFileDataset } from "../types.ts";

/**
 * Reads all images of a data set on disk into memory; take a `subset` of a large one first.
 *
 * @throws OptionError when they do not fit into memory
 * @throws FormatError, which names the file, when one holds no image or one of another size
 */
export async function readImages(dataset: ImageFileDataset): Promise<ImageDataset> {
  checkFiles(dataset);
  const { decodeFile } = await needNode("readImages").slice();
  const { name, files, labels, shape, classes, fitted, normalization } = dataset;
  const values = shape[0] * shape[1] * shape[2];
  const images = allocate("dataset", () => new Uint8Array(files.length * values), {
    content: `${files.length} images of ${shape.join("x")}`,
    advice: "Take a subset of them first.",
  });
  const fit = pipeline(fitted ? [cover({ size: [shape[0], shape[1]] })] : []);
  const noRandom = transformRandom(0, 0)(0);
  for (const [i, file] of files.entries()) {
    const image = fit(await decodeFile(file, shape[2] === 1 ? 1 : 3), noRandom);
    if (image.pixels.length !== values || image.shape[0] !== shape[0]) {
      throw new FormatError(
        file,
        `expected ${shape.join("x")}, got ${image.shape.join("x")}. Give imageFolder a size.`,
      );
    }
    images.set(image.pixels, i * values);
  }
  const read = { name, images, labels, shape, classes };
  return normalization === undefined ? read : { ...read, normalization };
}
