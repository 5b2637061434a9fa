// A model of one convolution in ONNX's protobuf, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto: a field is its
// number and kind, then a number, or a length and as many bytes.

const encoder = new TextEncoder();
const FLOAT = 1;
const INTS = 7;

function varint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)];
}

function field(id: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "number") return Uint8Array.from([...varint(id << 3), ...varint(value)]);
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return join(Uint8Array.from([...varint((id << 3) | 2), ...varint(bytes.length)]), bytes);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An input or output of floats. */
function floats(name: string, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((length) => field(1, field(1, length)));
  const tensor = join(field(1, FLOAT), field(2, join(...dimensions)));
  return join(field(1, name), field(2, field(1, tensor)));
}

/**
 * `y` = 3x3 convolution of `x` with a constant filter, stride 1, padding 1.
 *
 * @param shape `[batch, channels, height, width]` of both
 * @param filter `[channels, channels, 3, 3]`
 */
export function convolutionModel(shape: readonly number[], filter: Float32Array): Uint8Array {
  const channels = shape[1]!;
  const padding = join(
    field(1, "pads"),
    ...[1, 1, 1, 1].map((side) => field(8, side)),
    field(20, INTS),
  );
  const node = join(
    field(1, "x"),
    field(1, "filter"),
    field(2, "y"),
    field(4, "Conv"),
    field(5, padding),
  );
  const constant = join(
    ...[channels, channels, 3, 3].map((length) => field(1, length)),
    field(2, FLOAT),
    field(8, "filter"),
    field(9, new Uint8Array(filter.buffer)),
  );
  const graph = join(
    field(1, node),
    field(2, "convolution"),
    field(5, constant),
    field(11, floats("x", shape)),
    field(12, floats("y", shape)),
  );
  const operators = field(2, 13);
  return join(field(1, 8), field(7, graph), field(8, operators));
}
