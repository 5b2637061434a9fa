import { defineImageDataset } from "./define-image-dataset.ts";
import type {
  FileDatasetDefinition,
  ImageDatasetRecipe,
  LabelledImages,
} from "./define-image-dataset.ts";
import { FormatError } from "./errors.ts";
import { gunzip } from "./formats/gunzip.ts";
import { parseIdx } from "./formats/idx.ts";
import type { DataFiles } from "./sources/source.ts";

/** The four files of MNIST and of the sets made in its image. */
export const idxFiles = {
  trainImages: "train-images-idx3-ubyte.gz",
  trainLabels: "train-labels-idx1-ubyte.gz",
  testImages: "t10k-images-idx3-ubyte.gz",
  testLabels: "t10k-labels-idx1-ubyte.gz",
} as const;

/** A data set of grey images in four gzipped IDX files. */
export function defineIdxDataset(
  classes: readonly string[],
  recipe: Omit<ImageDatasetRecipe, "parse">,
): FileDatasetDefinition {
  const [height, width] = recipe.info.shape;
  const { trainSize, testSize } = recipe.info;
  const split = async (
    files: DataFiles,
    imagesFile: string,
    labelsFile: string,
    size: number,
  ): Promise<LabelledImages> => {
    const read = async (file: string, dimensions: number, valuesPerImage: number) => {
      const limit = 4 + 4 * dimensions + size * valuesPerImage;
      return parseIdx(await gunzip(files.get(file)!, file, limit), file, dimensions);
    };
    const images = await read(imagesFile, 3, height * width);
    const labels = await read(labelsFile, 1, 1);
    if (images.shape[1] !== height || images.shape[2] !== width) {
      throw new FormatError(
        imagesFile,
        `expected images of ${height}x${width}, got ${images.shape[1]}x${images.shape[2]}.`,
      );
    }
    if (images.shape[0] !== labels.shape[0]) {
      throw new FormatError(
        labelsFile,
        `expected ${images.shape[0]} labels, as images, got ${labels.shape[0]}.`,
      );
    }
    return { images: images.values, labels: labels.values };
  };
  return defineImageDataset({
    ...recipe,
    parse: async (files) => ({
      classes,
      train: await split(files, idxFiles.trainImages, idxFiles.trainLabels, trainSize),
      test: await split(files, idxFiles.testImages, idxFiles.testLabels, testSize),
    }),
  });
}
