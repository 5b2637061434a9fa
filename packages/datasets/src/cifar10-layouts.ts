import { cifar10Classes } from "./cifar10-manifest.ts";
import { needNode } from "./environment.ts";
import { formatCifarBinary } from "./formats/cifar-binary.ts";
import type { Layout } from "./sources/layout.ts";
import type { Manifest } from "./sources/source.ts";

/** Largest file that is read; those of the data set are smaller. */
const mostBytes = 400_000_000;
const recordBytes = 3073;

/**
 * Other forms in which CIFAR-10 lies on disks: the Python version, as torchvision keeps it, and the
 * arrays of Keras in one `.npz`. Both become the files of the binary version, whose SHA-256 is checked.
 */
export function cifar10Layouts(manifest: Manifest): Layout[] {
  const names = manifest.files.map(({ name }) => name);
  const python = names.map((name) => name.replace(/\.bin$/, ""));
  return [
    {
      files: python,
      folder: "cifar-10-batches-py",
      mostBytes,
      async read(files, signal) {
        const { parseCifarPython } = await needNode("cifar10").cifarPython();
        const result = new Map<string, Uint8Array>();
        for (const [i, file] of python.entries()) {
          // Ctrl-C is only heard between two tasks.
          await new Promise((resolve) => setTimeout(resolve));
          signal.throwIfAborted();
          const batch = parseCifarPython(files.get(file)!, file, cifar10Classes.length);
          result.set(names[i]!, formatCifarBinary(batch));
        }
        return result;
      },
    },
    {
      files: ["cifar10.npz"],
      mostBytes,
      async read(files, signal) {
        const { parseCifarNpz } = await needNode("cifar10").cifarNpz();
        const counts = manifest.files.map(({ bytes }) => bytes / recordBytes);
        const test = counts.at(-1)!;
        const train = counts.reduce((sum, count) => sum + count, 0) - test;
        const bytes = files.get("cifar10.npz")!;
        const splits = parseCifarNpz(bytes, "cifar10.npz", { train, test }, cifar10Classes.length);
        const result = new Map<string, Uint8Array>();
        let first = 0;
        for (const [i, name] of names.entries()) {
          await new Promise((resolve) => setTimeout(resolve));
          signal.throwIfAborted();
          const { images, labels } = i === names.length - 1 ? splits.test : splits.train;
          const from = i === names.length - 1 ? 0 : first;
          const to = from + counts[i]!;
          const part = {
            images: images.subarray(3072 * from, 3072 * to),
            labels: labels.subarray(from, to),
          };
          result.set(name, formatCifarBinary(part));
          first = to;
        }
        return result;
      },
    },
    {
      files: ["cifar-10-python.tar.gz"],
      mostBytes,
      refusal:
        "expected the binary version, or this archive unpacked. Run tar -xf on it, or fetch cifar-10-binary.tar.gz.",
    },
  ];
}
