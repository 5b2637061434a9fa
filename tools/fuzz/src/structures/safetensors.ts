import { decodeSafetensors, withChecksum } from "@bn-only/trainer";
import { joined } from "../mutate.ts";
import type { Mutation } from "../target.ts";
import { encode, jsonMutation } from "./json.ts";

/** Changes the header of a safetensors file, whose length is right again. */
const changeHeader: Mutation = (bytes, random, other) => {
  const parts = split(bytes);
  if (parts === undefined) return bytes;
  return withHeader(jsonMutation(parts.header, random, other), parts.data);
};

/** The same key twice, space before, a byte order mark. */
const changeText: Mutation = (bytes, random) => {
  const parts = split(bytes);
  if (parts === undefined) return bytes;
  const text = Buffer.from(parts.header).toString("utf8").trimEnd();
  const entries = text.slice(1, -1);
  const changed = random.pick([
    `{${entries},${entries}}`,
    ` ${text}`,
    `\ufeff${text}`,
    `${text} `,
    `${text}\0`,
    `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)},${entries}}`,
    text.replace(/\d+/, (digits) => `${digits}e0`),
    text.replace("F32", random.pick(["F16", "F64", "BF16", "I64", "BOOL", "U8", "toString"])),
  ]);
  return withHeader(encode(changed), parts.data);
};

/** Numbers that are no numbers, among the tensors. */
const changeNumber: Mutation = (bytes, random) => {
  const parts = split(bytes);
  if (parts === undefined || parts.data.length < 4) return bytes;
  const data = parts.data.slice();
  const at = 4 * random.below(data.length >> 2);
  const value = random.pick([Number.NaN, Infinity, -Infinity, 1e38, -1, 0, 1e-45]);
  new DataView(data.buffer).setFloat32(at, value, true);
  return withHeader(parts.header, data);
};

function split(bytes: Uint8Array): { header: Uint8Array; data: Uint8Array } | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = 8 + view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || end > bytes.length) return undefined;
  return { header: bytes.subarray(8, end), data: bytes.subarray(end) };
}

function withHeader(header: Uint8Array, data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, header.length, true);
  return joined([length, header, data]);
}

/** What breaks a rule of the format is refused at once, so it comes seldom. */
export const safetensorsMutations: readonly Mutation[] = [
  ...Array.from({ length: 6 }, () => changeHeader),
  ...Array.from({ length: 3 }, () => changeNumber),
  changeText,
];

/** Another network in the metadata of a model; the largest, which take long to lay out, seldom. */
export const changeName: Mutation = (bytes, random) => {
  const parts = split(bytes);
  if (parts === undefined) return bytes;
  const large = random.below(100) === 0;
  const depth = random.pick(large ? [9998, 9999, 110] : [0, 8, 9, 14, 18, 20, 50]);
  const width = random.pick(["", "", "-1", "-2", "-0", large ? "-9999" : "-4"]);
  const name = `${random.pick(["cifar", "imagenet"])}-resnet-${depth}${width}`;
  const classes = random.pick(["1", "10", "99999", "100001"]);
  const text = Buffer.from(parts.header)
    .toString("utf8")
    .replace(/("architecture": ?")[^"]*/, `$1${name}`)
    .replace(/("classes": ?")[^"]*/, random.below(3) === 0 ? `$1${classes}` : "$&");
  return withHeader(encode(text), parts.data);
};

const kinds =
  "activation averagePool batchNorm concat conv2d dense flatten gated globalAveragePool identity maxPool pad residual sequential slice".split(
    " ",
  );

/** Another kind of layer, or another number among the options, in a file that has its layers with it. */
export const changeLayer: Mutation = (bytes, random) => {
  const parts = split(bytes);
  if (parts === undefined) return bytes;
  const text = Buffer.from(parts.header).toString("utf8");
  const pattern =
    random.below(2) === 0 ? /(kind\\":\\")\w+/g : /((?:[cC]hannels|[sS]ize|puts|ride)\\":)\d+/g;
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return bytes;
  const place = random.pick(places);
  const value = place[1]!.startsWith("kind")
    ? random.pick(kinds)
    : random.pick(["0", "1", "2", "3", "-1", "1e9", "4294967296", "9007199254740991", '\\"2\\"']);
  const end = place.index + place[0].length;
  return withHeader(
    encode(text.slice(0, place.index) + place[1]! + value + text.slice(end)),
    parts.data,
  );
};

const checksum = /("checksum": ?")[^"]*"/;

/** The same file with the checksum of what it holds now; one that cannot be read, or has none, stays as it is. */
export function withRightChecksum(bytes: Uint8Array): Uint8Array {
  const parts = split(bytes);
  if (parts === undefined) return bytes;
  const header = Buffer.from(parts.header).toString("utf8");
  if (!checksum.test(header)) return bytes;
  try {
    const right = withChecksum(decodeSafetensors(bytes)).metadata.get("checksum")!;
    return withHeader(encode(header.replace(checksum, `$1${right}"`)), parts.data);
  } catch {
    return bytes;
  }
}
