export { isErrorOf } from "./is-error-of.ts";
export { printable, quoted } from "./printable.ts";

export type { ErrorClass } from "./is-error-of.ts";
