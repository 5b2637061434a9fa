import { nearest } from "@bn-only/errors";
import type { Architecture } from "./architecture.ts";

/** How far a number of the name may be from one that exists. */
const REACH = 1000;

/**
 * The valid name nearest to `name`: the form of the published network that is near, with the numbers
 * that were typed, or those next to them that the architecture accepts: `cifar-resnet-8` for 9.
 */
export function nearestNetwork(
  name: unknown,
  architectures: readonly Architecture[],
): string | undefined {
  const published = architectures.flatMap((one) => one.published.map((network) => network.name));
  const like = nearest(name, published);
  if (like === undefined) return undefined;
  const accepted = (candidate: string): boolean =>
    architectures.some((architecture) => architecture.parse(candidate) !== undefined);
  const typed = String(name).match(/\d+/g) ?? [];
  if (typed.length !== (like.match(/\d+/g) ?? []).length) return like;
  for (let off = 0; off <= REACH; off++) {
    for (let place = 0; place < typed.length; place++) {
      for (const step of [-off, off]) {
        const numbers = typed.map((digits, i) => Number(digits) + (i === place ? step : 0));
        const candidate = like.replaceAll(/\d+/g, () => String(numbers.shift()));
        if (accepted(candidate)) return candidate;
      }
    }
  }
  return like;
}
