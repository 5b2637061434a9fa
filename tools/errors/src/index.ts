// What the errors of every package are made of. It is bundled into each, so that none depends on
// another for it.

export { isErrorOf } from "./is-error-of.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { optionFault } from "./option-fault.ts";
export { printable, quoted, unprintable } from "./printable.ts";
export { show } from "./show.ts";

export type { ErrorClass } from "./is-error-of.ts";
export type { OptionNames } from "./option-fault.ts";
