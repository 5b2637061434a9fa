import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../src/errors.ts";
import { parseNpy } from "../../src/formats/npy.ts";
import { parsePickle } from "../../src/formats/pickle.ts";
import { NumpyArray } from "../../src/formats/pickle-values.ts";
import { readZip } from "../../src/formats/zip.ts";

// Made by tools/goldens/numpy_goldens.py with numpy.
const cases = JSON.parse(
  readFileSync(new URL("fixtures/numpy.json", import.meta.url), "utf8"),
) as Record<string, string>;
const bytesOf = (name: string): Uint8Array => new Uint8Array(Buffer.from(cases[name]!, "base64"));
const table = Uint8Array.from({ length: 12 }, (_, i) => i);

describe("parsePickle", () => {
  test.each([2, 3, 4, 5])("numpy's array and a list, protocol %i", (protocol) => {
    const value = parsePickle(bytesOf(`protocol ${protocol}`), "a") as Map<string, unknown>;
    expect([...value.keys()]).toEqual(["labels", "data"]);
    expect(value.get("labels")).toEqual([3, 9]);
    const data = value.get("data") as NumpyArray;
    expect(data).toBeInstanceOf(NumpyArray);
    expect(data.shape).toEqual([2, 6]);
    expect(Uint8Array.from(data.values)).toEqual(table);
  });

  test("as Python 2 wrote the real files", () => {
    const text =
      "\x80\x02}q\x01(U\x06labelsq\x02]q\x03(K\x06K\x09eU\x04dataq\x04cnumpy.core.multiarray\n" +
      "_reconstruct\nq\x05cnumpy\nndarray\nq\x06K\x00\x85U\x01b\x87Rq\x07(K\x01K\x02K\x03\x86" +
      "cnumpy\ndtype\nq\x08U\x02u1K\x00K\x01\x87Rq\x09(K\x03U\x01|NNNJ\xff\xff\xff\xff" +
      "J\xff\xff\xff\xffK\x00tb\x89T\x06\x00\x00\x00abcdefq\x0atbU\x09filenamesq\x0b" +
      "]q\x0c(U\x05x.pngq\x0dU\x05y.pngq\x0eeu.";
    const value = parsePickle(new Uint8Array(Buffer.from(text, "latin1")), "a") as Map<
      string,
      unknown
    >;
    expect(value.get("labels")).toEqual([6, 9]);
    const { shape, values } = value.get("data") as NumpyArray;
    expect(shape).toEqual([2, 3]);
    expect(Buffer.from(values).toString()).toBe("abcdef");
  });

  test("runs nothing: a call of anything else is refused by its name", () => {
    expect(() => parsePickle(bytesOf("evil"), "a")).toThrow(FormatError);
    expect(() => parsePickle(bytesOf("evil"), "a")).toThrow(
      "a: expected numpy arrays and nothing else, got a call of posix.system, which is not made.",
    );
  });

  test.each([
    ["floats", bytesOf("floats"), "expected arrays of bytes (u1), got another type"],
    ["half a file", bytesOf("protocol 4").subarray(0, 40), "got one that is cut off"],
    ["nothing", new Uint8Array(0), "got one that is cut off"],
    ["text", Uint8Array.from(Buffer.from("hello")), "got one that recalls what it has not said"],
    [
      "a wrong list",
      Uint8Array.from(Buffer.from("\x80\x02K\x01K\x02a.", "latin1")),
      "a wrong list",
    ],
    ["a lone stop", Uint8Array.from(Buffer.from(".")), "takes what is not there"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parsePickle(bytes, "a")).toThrow(FormatError);
    expect(() => parsePickle(bytes, "a")).toThrow(message);
  });
});

describe("parseNpy", () => {
  test("bytes and integers", () => {
    expect(parseNpy(bytesOf("npy"), "a")).toEqual({ shape: [2, 6], values: table });
    expect(parseNpy(bytesOf("npy int32"), "a")).toEqual({ shape: [3], values: [1, -2, 3] });
    expect(parseNpy(bytesOf("npy int64"), "a")).toEqual({ shape: [2, 1], values: [1, -2] });
  });

  test.each([
    ["Fortran order", bytesOf("npy fortran"), "in C order, got |u1"],
    ["objects, which are pickles", bytesOf("npy objects"), "got |O"],
    ["half a file", bytesOf("npy").subarray(0, -1), "12 bytes for |u1 of the shape [2, 6], got 11"],
    ["a cut header", bytesOf("npy").subarray(0, 60), "got one that is cut off"],
    ["other bytes", Uint8Array.of(1, 2, 3), "got 3 other bytes"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseNpy(bytes, "a")).toThrow(FormatError);
    expect(() => parseNpy(bytes, "a")).toThrow(message);
  });
});

describe("readZip", () => {
  test.each(["npz deflated", "npz stored"])("%s", (name) => {
    const files = readZip(bytesOf(name), "a", new Map([["x.npy", 1000]]));
    expect(Uint8Array.from(parseNpy(files.get("x.npy")!, "x").values)).toEqual(table);
  });

  const deflated = bytesOf("npz deflated");
  const wanted = new Map([["x.npy", 1000]]);
  test.each([
    [
      "a file that is missing",
      deflated,
      new Map([["z.npy", 9]]),
      "expected a file z.npy, got none",
    ],
    [
      "a file that is too large",
      deflated,
      new Map([["x.npy", 9]]),
      "at most 9 bytes in x.npy, got 140",
    ],
    ["a wrong checksum", bytesOf("npz stored").with(180, 99), wanted, "whose checksum is wrong"],
    ["no end", deflated.subarray(0, -22), wanted, "without an end"],
    ["other bytes", Uint8Array.of(1), wanted, "without an end"],
  ])("refuses %s", (_, bytes, names, message) => {
    expect(() => readZip(bytes, "a", names)).toThrow(FormatError);
    expect(() => readZip(bytes, "a", names)).toThrow(message);
  });
});
