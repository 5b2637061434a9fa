import { entry, floats, raw, type Vector } from "./vector.ts";

const a = { shape: [2], values: Float32Array.of(1, -2.5) };
const data = floats(1, -2.5);
const A = entry([2], [0, 8]);
const empty = { shape: [0], values: new Float32Array() };

const file = (
  kind: "valid" | "odd",
  name: string,
  about: string,
  bytes: Uint8Array,
  contents: Pick<Vector, "tensors" | "metadata">,
): Vector => ({ kind, name, about, bytes, safetensors: true, stage: "file", ...contents });

/** Files of the format that every reader takes; none is a model. */
export const readableVectors: readonly Vector[] = [
  file("valid", "one-tensor", "two float32 numbers", raw(`{"a":${A}}`, data), { tensors: { a } }),
  file(
    "valid",
    "scalar",
    "a tensor without dimensions",
    raw(`{"a":${entry([], [0, 4])}}`, floats(7)),
    {
      tensors: { a: { shape: [], values: Float32Array.of(7) } },
    },
  ),
  file(
    "valid",
    "int32",
    "int32 numbers, the smallest and the largest",
    raw(`{"a":${entry([2], [0, 8], "I32")}}`, Uint8Array.of(0, 0, 0, 128, 255, 255, 255, 127)),
    { tensors: { a: { shape: [2], values: Int32Array.of(-2147483648, 2147483647) } } },
  ),
  file(
    "valid",
    "metadata-and-padding",
    "metadata, and a header that spaces fill up to a multiple of eight bytes",
    raw(`{"__metadata__":{"key":"value"},"a":${A}}      `, data),
    { tensors: { a }, metadata: { key: "value" } },
  ),
  file("odd", "no-tensors", "an empty header", raw("{}"), { tensors: {} }),
  file("odd", "only-metadata", "metadata alone", raw('{"__metadata__":{"":""}}'), {
    tensors: {},
    metadata: { "": "" },
  }),
  file(
    "odd",
    "out-of-order",
    "the header lists the tensors in another order than the data",
    raw(`{"b":${entry([1], [8, 12])},"a":${A}}`, floats(1, -2.5, 3)),
    { tensors: { a, b: { shape: [1], values: Float32Array.of(3) } } },
  ),
  file(
    "odd",
    "empty-listed-late",
    "a tensor without numbers lies before one that the header lists first",
    raw(`{"a":${A},"e":${entry([0], [0, 0])}}`, data),
    { tensors: { e: empty, a } },
  ),
  file(
    "odd",
    "empty-everywhere",
    "tensors without numbers before, between and behind others",
    raw(
      `{"d":${entry([3, 0], [12, 12])},"b":${entry([1], [8, 12])},"c":${entry([0], [8, 8])},` +
        `"a":${A},"e":${entry([0], [0, 0])}}`,
      floats(1, -2.5, 3),
    ),
    {
      tensors: {
        e: empty,
        a,
        c: empty,
        b: { shape: [1], values: Float32Array.of(3) },
        d: { shape: [3, 0], values: new Float32Array() },
      },
    },
  ),
  file(
    "odd",
    "empty-and-large",
    "a shape of zero and two numbers at the limit",
    raw(`{"e":${entry([0, 2 ** 53 - 1, 2 ** 53 - 1], [0, 0])}}`),
    { tensors: { e: { shape: [0, 2 ** 53 - 1, 2 ** 53 - 1], values: new Float32Array() } } },
  ),
  file(
    "odd",
    "spaces-within",
    "line feeds, tabs and spaces between the tokens of the header",
    raw(`{\n\t"a" :\r\n ${A} }`, data),
    { tensors: { a } },
  ),
  file(
    "odd",
    "proto-names",
    "names that are properties of JavaScript's objects",
    raw(
      `{"__metadata__":{"__proto__":"x","toString":"y"},"__proto__":${A},"constructor":${entry([0], [8, 8])}}`,
      data,
    ),
    {
      tensors: Object.fromEntries([
        ["__proto__", a],
        ["constructor", empty],
      ]),
      metadata: Object.fromEntries([
        ["__proto__", "x"],
        ["toString", "y"],
      ]),
    },
  ),
  file(
    "odd",
    "unknown-field",
    "a tensor with a field that the format does not know",
    raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"by":[{"x":null}]}}`, data),
    { tensors: { a } },
  ),
  file(
    "odd",
    "escapes-and-planes",
    "names and metadata with escapes, quotes and characters beyond the basic plane",
    raw(`{"__metadata__":{"\\u006bey":"\\"\\\\\\ud83d\\ude00"},"\\ud83d\\ude00/ä":${A}}`, data),
    { tensors: { "😀/ä": a }, metadata: { key: '"\\😀' } },
  ),
  file(
    "odd",
    "not-finite",
    "NaN, infinities and a negative zero: the format does not look at values",
    raw(`{"a":${entry([4], [0, 16])}}`, floats(NaN, Infinity, -Infinity, -0)),
    { tensors: { a: { shape: [4], values: Float32Array.of(NaN, Infinity, -Infinity, -0) } } },
  ),
];
