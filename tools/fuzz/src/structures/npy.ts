import { joined } from "../mutate.ts";
import type { Mutation } from "../target.ts";
import { encode } from "./json.ts";

const magic = Uint8Array.of(0x93, ...encode("NUMPY"));

/** An array file of version 1 with this header, whose length is right. */
function withHeader(header: string, data: Uint8Array): Uint8Array {
  const text = encode(header);
  return joined([magic, Uint8Array.of(1, 0, text.length & 255, text.length >> 8), text, data]);
}

/** Bytes as `numpy.save` writes them. Default of the shape: a list. */
export function npy(bytes: Uint8Array, shape: string = `(${bytes.length},)`): Uint8Array {
  return withHeader(`{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`, bytes);
}

const types = ["|u1", "<i4", "<i8", ">i4", "<f4", "|O", "|b1", "<U7"];
const shapes = ["()", "(2,)", "(2, 3)", "(0,)", "(1, 0)", "(99999999999,)", "(-1,)", "(1.5,)"];
const longShape = `(${"1, ".repeat(2000)})`;

/** Another type, order or shape in the header of a `.npy` of version 1, whose length is right again. */
export const changeNpyHeader: Mutation = (bytes, random) => {
  const length = bytes.length < 10 ? 0 : bytes[8]! + 256 * bytes[9]!;
  const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
  const shape = random.below(50) === 0 ? longShape : random.pick(shapes);
  const changed = random.pick([
    header.replace(/\(.*?\)/, shape),
    header.replace(/'descr': *'[^']*'/, `'descr': '${random.pick(types)}'`),
    header.replace(/False|True/, random.pick(["True", "False", "0"])),
    header.replace(/'shape'/, random.pick(["'shape', 'shape'", "'x'"])),
    `${header.trimEnd()}${" ".repeat(random.below(80))}\n`,
  ]);
  return withHeader(changed, bytes.subarray(10 + length));
};
