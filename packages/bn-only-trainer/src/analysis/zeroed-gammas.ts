import type { Network } from "@bn-only/frozen-layers";
import type { Numbers } from "../compact/numbers.ts";
import { affineLayers } from "./batch-norms.ts";

export interface Zeroing {
  /** Gammas with `|gamma| < threshold` become 0. */
  readonly threshold: number;
  /** Whether their betas become 0, too. Default false. */
  readonly beta?: boolean;
}

/** The numbers of a network with small gammas set to zero; those given stay as they are. */
export function withZeroedGammas(
  network: Network,
  numbers: Numbers,
  { threshold, beta: zeroBeta = false }: Zeroing,
): Numbers {
  const zeroed = new Map(numbers);
  for (const { gamma, beta } of affineLayers(network)) {
    if (!gamma) continue;
    const values = numbers.get(gamma.path)!;
    zeroed.set(
      gamma.path,
      values.map((value) => (Math.abs(value) < threshold ? 0 : value)),
    );
    if (!beta || !zeroBeta) continue;
    zeroed.set(
      beta.path,
      numbers.get(beta.path)!.map((value, i) => (Math.abs(values[i]!) < threshold ? 0 : value)),
    );
  }
  return zeroed;
}
