import type { Pool } from "./pool.ts";

/** Where a case works: nobody else is in the folder. */
interface Bench {
  readonly pool: Pool;
  readonly folder: string;
}

/** One thing that goes wrong. */
export interface Case {
  readonly name: string;
  /** @returns what is wrong, if anything */
  run(bench: Bench): Promise<string | undefined>;
}

/** The cases of one kind, and how many of which sort there are. */
export interface Plan {
  readonly cases: readonly Case[];
  readonly note: string;
}
