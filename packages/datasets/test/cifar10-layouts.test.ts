import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { defineCifar10 } from "../src/cifar10.ts";
import { cifar100Definition } from "../src/cifar100.ts";
import { parseCifarBinary } from "../src/formats/cifar-binary.ts";
import { temporaryFolder, tinyFiles, tinyManifest } from "./fixtures.ts";

const definition = defineCifar10(tinyManifest);

async function folderOf(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, bytes] of files) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
  return folder;
}

/** A batch as Python 2 pickled it: planes one after another, and a list of labels. */
function pickled(binary: Uint8Array): Uint8Array {
  const count = binary.length / 3073;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(count * 3072);
  const records = Array.from({ length: count }, (_, n) =>
    binary.subarray(n * 3073, (n + 1) * 3073),
  );
  return Buffer.concat([
    Buffer.from("\x80\x02}(U\x06labels](", "latin1"),
    ...records.map((record) => Buffer.from([75, record[0]!])),
    Buffer.from("eU\x04datacnumpy.core.multiarray\n_reconstruct\n", "latin1"),
    Buffer.from(
      `cnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K${String.fromCharCode(count)}`,
      "latin1",
    ),
    Buffer.from(
      "M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNtb\x89T",
      "latin1",
    ),
    size,
    ...records.map((record) => record.subarray(1)),
    Buffer.from("tbu.", "latin1"),
  ]);
}

function npy(type: string, shape: string, values: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    length,
    Buffer.from(header),
    values,
  ]);
}

/** Stored, not deflated. */
function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const [locals, entries]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, bytes] of files) {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(bytes));
    sizes.writeUInt32LE(bytes.length, 4);
    sizes.writeUInt32LE(bytes.length, 8);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50);
    sizes.copy(head, 14);
    head.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    sizes.copy(entry, 16);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(head, Buffer.from(name), Buffer.from(bytes));
    entries.push(entry, Buffer.from(name));
    offset += 30 + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

test("the Python version, in torchvision's folder", async () => {
  const files = [...tinyFiles].map(([name, bytes]): [string, Uint8Array] => [
    `cifar-10-batches-py/${name.replace(".bin", "")}`,
    pickled(bytes),
  ]);
  const directory = await folderOf(new Map(files));
  const binary = await definition.load({ directory: await folderOf(tinyFiles) });
  expect(await definition.load({ directory })).toEqual(binary);
  expect(await definition.load({ directory: join(directory, "cifar-10-batches-py") })).toEqual(
    binary,
  );
});

test("Keras's arrays in an npz", async () => {
  const parsed = [...tinyFiles.values()].map((bytes) => parseCifarBinary(bytes, "a", 10));
  const both = (key: "images" | "labels"): Uint8Array =>
    new Uint8Array(Buffer.concat(parsed.slice(0, 2).map((part) => part[key])));
  const bytes = zip(
    new Map([
      ["x_train.npy", npy("|u1", "20, 32, 32, 3", both("images"))],
      ["y_train.npy", npy("|u1", "20, 1", both("labels"))],
      ["x_test.npy", npy("|u1", "5, 32, 32, 3", parsed[2]!.images)],
      ["y_test.npy", npy("|u1", "5, 1", parsed[2]!.labels)],
    ]),
  );
  const directory = await folderOf(new Map([["cifar10.npz", bytes]]));
  expect(await definition.load({ directory })).toEqual(
    await definition.load({ directory: await folderOf(tinyFiles) }),
  );
});

test("another batch under the same name: its SHA-256 is not that of CIFAR-10", async () => {
  const batch = pickled(tinyFiles.get("test_batch.bin")!);
  const names = [...tinyFiles.keys()].map((name) => name.replace(".bin", ""));
  const directory = await folderOf(new Map(names.map((name) => [name, batch])));
  await expect(definition.load({ directory })).rejects.toThrow(
    "data_batch_1.bin: expected 36876 bytes",
  );
});

test("half of the Python version says what is missing", async () => {
  const directory = await folderOf(
    new Map([["data_batch_1", pickled(tinyFiles.get("data_batch_1.bin")!)]]),
  );
  await expect(definition.load({ directory })).rejects.toThrow(
    `${join(directory, "data_batch_2")}: expected it beside data_batch_1.`,
  );
});

test.each([
  [definition, "cifar-10-python.tar.gz", "Run tar -xf on it, or fetch cifar-10-binary.tar.gz."],
  [cifar100Definition, "cifar-100-python.tar.gz", "expected cifar-100-binary.tar.gz"],
  [cifar100Definition, "cifar-100-python/train", "expected cifar-100-binary.tar.gz"],
  [cifar100Definition, "cifar-100-binary/train.bin", "expected cifar-100-binary.tar.gz"],
])("what is not read is refused by name: %#, %s", async (set, name, message) => {
  const directory = await folderOf(new Map([[name, Uint8Array.of(1)]]));
  await expect(set.load({ directory })).rejects.toThrow(`${join(directory, name)}: `);
  await expect(set.load({ directory })).rejects.toThrow(message);
});
