import { cifar100Classes } from "./cifar100-classes.ts";
import { defineImageDataset } from "./define-image-dataset.ts";
import type { FileDatasetDefinition } from "./define-image-dataset.ts";
import type { FileDigest } from "./errors.ts";
import { parseCifarBinary } from "./formats/cifar-binary.ts";
import { readTarGzip } from "./formats/tar-gzip.ts";
import { httpFilesSource } from "./sources/http-files.ts";
import type { FileOptions } from "./sources/load-files.ts";
import type { DatasetSplits } from "./types.ts";

const archiveName = "cifar-100-binary.tar.gz";
const imageBytes = 3074;

/**
 * Length and SHA-256 as TensorFlow Datasets has them (url_checksums/cifar100.txt); its authors publish
 * the MD5 03b5dce01913d631647c71ecec9e9cb8.
 */
const officialArchive: FileDigest = {
  bytes: 168_513_733,
  sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
};

/** CIFAR-100 from another archive: what it must be, and how many images are in its two files. */
export function defineCifar100(
  archive: FileDigest,
  trainSize: number,
  testSize: number,
): FileDatasetDefinition {
  return defineImageDataset({
    info: {
      name: "cifar100",
      description: "60,000 photographs of 32x32 pixels in 100 classes",
      shape: [32, 32, 3],
      classes: cifar100Classes.length,
      trainSize,
      testSize,
      licence: "no licence stated by its authors",
      citation:
        "Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, " +
        "University of Toronto, 2009",
      homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
      download: true,
    },
    layouts: [
      "cifar-100-python.tar.gz",
      "cifar-100-python/train",
      "cifar-100-binary/train.bin",
    ].map((name) => ({
      files: [name],
      mostBytes: 0,
      refusal: `expected ${archiveName}, the archive of the binary version. Fetch that.`,
    })),
    manifest: { dataset: "cifar100", files: [{ name: archiveName, ...archive }] },
    sources: [
      httpFilesSource({
        name: `the official archive https://www.cs.toronto.edu/~kriz/${archiveName}`,
        url: "https://www.cs.toronto.edu/~kriz/",
      }),
    ],
    async parse(files, signal) {
      const [trainFile, testFile] = ["cifar-100-binary/train.bin", "cifar-100-binary/test.bin"];
      const wanted = new Map([
        [trainFile, trainSize * imageBytes],
        [testFile, testSize * imageBytes],
      ]);
      const entries = await readTarGzip(files.get(archiveName)!, archiveName, wanted, signal);
      return {
        classes: cifar100Classes,
        train: parseCifarBinary(entries.get(trainFile)!, trainFile, cifar100Classes.length, 2),
        test: parseCifarBinary(entries.get(testFile)!, testFile, cifar100Classes.length, 2),
      };
    },
    normalization: { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] },
  });
}

export const cifar100Definition: FileDatasetDefinition = /* @__PURE__ */ defineCifar100(
  officialArchive,
  50_000,
  10_000,
);

/**
 * CIFAR-100: 50,000 training and 10,000 test images of 32x32 RGB in 100 (fine) classes (Krizhevsky
 * 2009, https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * @param options `directory` has `cifar-100-binary.tar.gz`
 * @throws ChecksumError or SourceError when `directory` is given and does not hold the data
 * @throws DatasetUnavailableError when no source delivered; lists what was tried
 */
export function cifar100(options: FileOptions = {}): Promise<DatasetSplits> {
  return cifar100Definition.load(options);
}
