import type { Layer, Network } from "@bn-only/frozen-layers";
import { InvalidOptionError } from "../errors.ts";
import { isFinite } from "../finite.ts";

/** Every number of a network, by the path of its tensor. */
export type Numbers = ReadonlyMap<string, Float32Array>;

/** @throws InvalidOptionError where one of them is not finite. */
export async function numbersOf({ name, parameters, buffers }: Network): Promise<Numbers> {
  const entries = [...parameters, ...buffers].map(
    async ({ path, value }) => [path, await value.data<"float32">()] as const,
  );
  const numbers = new Map(await Promise.all(entries));
  const [diverged] = [...numbers].find(([, values]) => !isFinite(values)) ?? [];
  if (diverged === undefined) return numbers;
  throw new InvalidOptionError(
    `${name}: "${diverged}" holds a value that is not finite, as after a training that diverged. Restore an earlier checkpoint.`,
  );
}

/** The path of something inside a layer; the outermost layer has none. */
export function inside(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`;
}

export interface Affine {
  /** `[channels]`, float64: one rounding for each number, where it is stored. */
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** BatchNorm with running statistics as `y = scale · x + shift` per channel, with `scale = gamma / √(variance + ε)`. */
export function affineOf({ path, options }: Layer, numbers: Numbers): Affine {
  const { epsilon } = options as { epsilon: number };
  const [gamma, beta] = ["gamma", "beta"].map((name) => numbers.get(inside(path, name)));
  const mean = numbers.get(inside(path, "mean"))!;
  const variance = numbers.get(inside(path, "variance"))!;
  const scale = Float64Array.from(variance, (v, i) => (gamma?.[i] ?? 1) / Math.sqrt(v + epsilon));
  const shift = Float64Array.from(mean, (m, i) => (beta?.[i] ?? 0) - m * scale[i]!);
  return { scale, shift };
}

/** What a layer's activation makes of one number. */
export function activate(value: number, kind: unknown): number {
  if (kind === "relu") return Math.max(value, 0);
  if (kind === "relu6") return Math.min(Math.max(value, 0), 6);
  return kind === "sigmoid" ? 1 / (1 + Math.exp(-value)) : value;
}
