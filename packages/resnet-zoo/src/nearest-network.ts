import { nearest } from "@bn-only/errors";
import type { Architecture } from "./architecture.ts";

/** How far a number of the name may be from one that exists. */
const REACH = 1000;

/**
 * The valid name nearest to `name`. Every published form is tried with the numbers that were typed, or those
 * next to them that the architecture accepts, the smaller of two at the same distance: `cifar-resnet-8` for 9. A published
 * name wins over another that is as near.
 */
export function nearestNetwork(
  name: unknown,
  architectures: readonly Architecture[],
): string | undefined {
  if (typeof name !== "string" || nearest(name, publishedIn(architectures)) === undefined)
    return undefined;
  const typed = numbersIn(name);
  const forms = new Map<string, string>();
  for (const published of publishedIn(architectures)) {
    const form = published.replaceAll(/\d+/g, "#");
    if (!forms.has(form))
      forms.set(form, withNumbers(published, typed, architectures) ?? published);
  }
  return nearest(name, [...publishedIn(architectures), ...forms.values()]);
}

const publishedIn = (architectures: readonly Architecture[]): string[] =>
  architectures.flatMap(({ published }) => published.map(({ name }) => name));

const numbersIn = (name: string): readonly number[] => (name.match(/\d+/g) ?? []).map(Number);

/** The name of the same form with the typed numbers, one of them moved as little as it must be. */
function withNumbers(
  like: string,
  typed: readonly number[],
  architectures: readonly Architecture[],
): string | undefined {
  if (typed.length === 0 || typed.length !== numbersIn(like).length) return undefined;
  const accepted = (candidate: string): boolean =>
    architectures.some((architecture) => architecture.parse(candidate) !== undefined);
  for (let off = 0; off <= REACH; off++) {
    for (let place = 0; place < typed.length; place++) {
      for (const step of [-off, off]) {
        const numbers = typed.map((number, i) => number + (i === place ? step : 0));
        const candidate = like.replaceAll(/\d+/g, () => String(numbers.shift()));
        if (accepted(candidate)) return candidate;
      }
    }
  }
  return undefined;
}
