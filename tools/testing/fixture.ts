import { readFileSync } from "node:fs";

export interface Fixture {
  readonly metadata: Readonly<Record<string, string>>;
  /** Values of a tensor; throws when the fixture has none of that name. */
  values(name: string): Float32Array | Int32Array;
  shape(name: string): number[];
  /** Names that start with `prefix`, without it. */
  names(prefix: string): string[];
}

/**
 * Reads a safetensors fixture with float32 and int32 tensors, as tools/goldens writes them.
 *
 * @param testUrl `import.meta.url` of a test in `packages/<name>/test`
 */
export function readFixture(testUrl: string, name: string): Fixture {
  const file = readFileSync(new URL(`fixtures/goldens/${name}.safetensors`, testUrl));
  const bytes = new Uint8Array(file).buffer;
  const headerLength = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, headerLength)));
  const { __metadata__: metadata, ...entries } = header as Record<string, Entry> & {
    __metadata__: Record<string, string>;
  };
  const entryOf = (tensor: string): Entry => {
    const entry = entries[tensor];
    if (!entry) throw new Error(`fixture ${name}: there is no tensor "${tensor}"`);
    return entry;
  };
  return {
    metadata,
    values(tensor) {
      const { dtype, data_offsets: offsets } = entryOf(tensor);
      const data = bytes.slice(8 + headerLength + offsets[0], 8 + headerLength + offsets[1]);
      return dtype === "I32" ? new Int32Array(data) : new Float32Array(data);
    },
    shape: (tensor) => entryOf(tensor).shape,
    names: (prefix) =>
      Object.keys(entries)
        .filter((tensor) => tensor.startsWith(prefix))
        .map((tensor) => tensor.slice(prefix.length)),
  };
}

interface Entry {
  readonly dtype: "F32" | "I32";
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** A norm below which a golden in float64 is zero but for rounding. */
const ZERO = 1e-10;

/** `‖actual − expected‖ / ‖expected‖`, or where that is zero `‖actual − expected‖`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference) / (norm > ZERO ** 2 ? Math.sqrt(norm) : 1);
}
