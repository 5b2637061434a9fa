// What the errors of every package are made of, and the one way in which they write files. It is bundled into each,
// so that none depends on another for it.

export { isErrorOf } from "./is-error-of.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { optionFault } from "./option-fault.ts";
export { printable, quoted } from "./printable.ts";
export { show } from "./show.ts";
export { makeFolder, naming, syncFile, syncFolder, writeWhole } from "./write-whole.ts";

export type { ErrorClass } from "./is-error-of.ts";
export type { OptionNames } from "./option-fault.ts";
export type { WriteOptions } from "./write-whole.ts";
