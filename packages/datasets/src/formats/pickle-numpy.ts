import { FormatError } from "../errors.ts";
import { NumpyArray, PickleGlobal } from "./pickle-values.ts";
import type { PickleValue } from "./pickle-values.ts";

/** A numpy type; only bytes are read. */
class NumpyType extends PickleGlobal {}

const reconstruct = /^numpy(\.core|\._core)?\.multiarray\._reconstruct$/;
/** How protocol 5 has them. */
const fromBuffer = /^numpy(\.core|\._core)?\.numeric\._frombuffer$/;

/** What the functions by which numpy's arrays are pickled would give. */
export function callGlobal(called: PickleValue, values: PickleValue, file: string): PickleValue {
  const name = called instanceof PickleGlobal ? called.name : "";
  const list = Array.isArray(values) ? values : [];
  if (reconstruct.test(name)) return new NumpyArray();
  if (fromBuffer.test(name)) {
    const [data, type, shape, order] = list;
    const array = new NumpyArray();
    setState(array, [0, shape ?? null, type ?? null, order !== "C", data ?? null], file);
    return array;
  }
  if (name === "numpy.dtype") {
    const type =
      list[0] instanceof Uint8Array ? String.fromCharCode(...list[0].subarray(0, 8)) : list[0];
    if (type === "u1") return new NumpyType("u1");
    throw new FormatError(file, "expected arrays of bytes (u1), got another type.");
  }
  // Bytes that Python 3 pickled for Python 2.
  if (name === "_codecs.encode" && typeof list[0] === "string") return latin1(list[0], file);
  const shown = name.replaceAll(/[^\w.]+/g, "?").slice(0, 80) || "something without a name";
  throw new FormatError(
    file,
    `expected numpy arrays and nothing else, got a call of ${shown}, which is not made.`,
  );
}

/** Gives an array its shape and values, as numpy's `__setstate__`: `(version, shape, type, fortran, bytes)`. */
export function setState(target: PickleValue, state: PickleValue, file: string): void {
  // The byte order of bytes has no meaning.
  if (target instanceof NumpyType) return;
  const wrong = new FormatError(file, "expected a numpy array of bytes, got something else.");
  if (!(target instanceof NumpyArray) || !Array.isArray(state) || state.length !== 5) throw wrong;
  const [, shape, type, fortran, values] = state;
  if (!(type instanceof NumpyType) || !(values instanceof Uint8Array) || fortran !== false) {
    throw wrong;
  }
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length))) throw wrong;
  const sizes = shape as number[];
  const count = sizes.reduce((product, length) => product * length, 1);
  if (sizes.some((length) => length < 0) || count !== values.length) {
    throw new FormatError(
      file,
      `expected ${count} values for the shape [${sizes.join(", ")}], got ${values.length}.`,
    );
  }
  target.shape = sizes;
  target.values = values;
}

function latin1(text: string, file: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw new FormatError(file, "expected bytes as Latin-1 text, got other text.");
    bytes[i] = code;
  }
  return bytes;
}
