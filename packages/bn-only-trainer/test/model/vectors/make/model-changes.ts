import type { StoredTensor } from "../../../../src/index.ts";
import { type Contents, field, type Row } from "./row.ts";

const values = ({ tensors }: Contents, path = "stem/bn/gamma") => tensors.get(path)!.values;
const positions = (numbers: number[], at: number[]) => (file: Contents) => {
  const part = (array: StoredTensor["values"]) => ({ shape: [array.length], values: array });
  file.tensors.set("head/kernel", part(Float32Array.from(numbers)));
  file.tensors.set("head/kernel#indices", part(Int32Array.from(at)));
};

/** Changed without a new checksum. */
export const altered: readonly Row[] = [
  [
    "altered-gamma",
    "checksum",
    "one gamma is another",
    "their checksum differs",
    (file) => (values(file)[3] = 0.25),
  ],
  [
    "altered-note",
    "checksum",
    "a note is another",
    "their checksum differs",
    field("dataset", "cifar10"),
  ],
  ["altered-seed", "checksum", "the seed is another", "their checksum differs", field("seed", "8")],
  [
    "renamed-tensor",
    "checksum",
    "two tensors have changed names",
    "their checksum differs",
    ({ tensors }) => {
      const [a, b] = ["stem/bn/gamma", "stem/bn/beta"].map((path) => tensors.get(path)!);
      tensors.set("stem/bn/gamma", b!).set("stem/bn/beta", a!);
    },
  ],
  [
    "no-checksum",
    "checksum",
    "version 2 without a checksum",
    'no "checksum"',
    ({ metadata }) => metadata.delete("checksum"),
  ],
];

/** Models that no network fits. */
export const networks: readonly Row[] = [
  [
    "tensor-missing",
    "complete",
    "a BatchNorm without gamma",
    'tensor "stem/bn/gamma" is missing',
    ({ tensors }) => tensors.delete("stem/bn/gamma"),
  ],
  [
    "tensor-unknown",
    "shape",
    "a tensor that the network has not",
    "none of that name",
    ({ tensors }) => tensors.set("x", { shape: [1], values: Float32Array.of(1) }),
  ],
  [
    "tensor-shape",
    "shape",
    "a gamma of another length",
    "does not fit cifar-resnet-8",
    ({ tensors }) => tensors.set("stem/bn/gamma", { shape: [4], values: new Float32Array(4) }),
  ],
  [
    "tensor-int32",
    "type",
    "a gamma of whole numbers",
    "does not fit cifar-resnet-8",
    ({ tensors }) => tensors.set("stem/bn/gamma", { shape: [16], values: new Int32Array(16) }),
  ],
  [
    "not-finite",
    "finite",
    "a gamma that is NaN",
    "not a finite number",
    (file) => (values(file)[0] = NaN),
  ],
  [
    "variance-negative",
    "finite",
    "a running variance below zero",
    "not a finite number from 0",
    (file) => (values(file, "stem/bn/variance")[0] = -1),
  ],
  [
    "positions-descending",
    "positions",
    "positions that descend",
    "do not fit each other",
    positions([1, 2], [5, 4]),
  ],
  [
    "positions-twice",
    "positions",
    "one position twice",
    "do not fit each other",
    positions([1, 2], [5, 5]),
  ],
  [
    "positions-beyond",
    "positions",
    "a position behind the last number",
    "do not fit each other",
    positions([1], [640]),
  ],
  [
    "positions-too-few",
    "positions",
    "fewer positions than numbers",
    "do not fit each other",
    positions([1, 2], [5]),
  ],
  [
    "positions-alone",
    "positions",
    "positions without numbers",
    "do not fit each other",
    (file) => {
      positions([1], [5])(file);
      file.tensors.delete("head/kernel");
    },
  ],
  [
    "other-seed",
    "fingerprint",
    "weights of another seed than the fingerprint's",
    "fingerprint",
    field("seed", "8"),
  ],
  [
    "architecture-deep",
    "size",
    "376 bytes that name a network of 9,998 layers",
    "is missing",
    (file) => {
      file.tensors.clear();
      file.metadata.set("architecture", "cifar-resnet-9998");
    },
  ],
  [
    "architecture-wide",
    "size",
    "376 bytes that name a network of 10^13 weights",
    "is missing",
    (file) => {
      file.tensors.clear();
      file.metadata.set("architecture", "cifar-resnet-8-9999");
    },
  ],
];
