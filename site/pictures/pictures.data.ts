import { drawFilters } from "./filters.ts";
import { drawGammas } from "./gammas.ts";
import { drawLessons } from "./lessons.ts";
import { measure } from "./measure.ts";
import { drawShare } from "./share.ts";
import { drawSizes } from "./sizes.ts";
import { percent } from "./svg.ts";

export interface Pictures {
  /** SVGs by name. */
  readonly drawings: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  /** Share of |gamma| < 0.01, before and after. */
  readonly off: readonly [string, string];
}

declare const data: Pictures;
export { data };

let drawn: Promise<Pictures> | undefined;

/** Trains and draws once, for pages and server alike. */
export default { load: (): Promise<Pictures> => (drawn ??= draw()) };

async function draw(): Promise<Pictures> {
  const { lessons, sizes, fingerprints } = await measure();
  const [before, after] = fingerprints;
  if (before !== after) throw new Error("a frozen weight has moved");
  const [bn] = lessons;
  return {
    drawings: {
      share: drawShare(bn!),
      filters: drawFilters(bn!),
      lessons: drawLessons(lessons),
      gammas: drawGammas(bn!),
      sizes: drawSizes(sizes),
    },
    fingerprint: after,
    off: [percent(bn!.before.off), percent(bn!.after.off)],
  };
}
