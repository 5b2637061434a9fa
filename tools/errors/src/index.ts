// What the errors of every package are made of. It is bundled into each, so that none depends on
// another for it.

export { type ErrorClass, isErrorOf } from "./is-error-of.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { optionFault, type OptionNames } from "./option-fault.ts";
export { show } from "./show.ts";
