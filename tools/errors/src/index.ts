export { isErrorOf } from "./is-error-of.ts";
export { printable, quoted } from "./printable.ts";
export {
  isTemporaryName,
  makeFolder,
  naming,
  newTemporaryName,
  syncFile,
  syncFolder,
  writeWhole,
} from "./write-whole.ts";

export type { ErrorClass } from "./is-error-of.ts";
