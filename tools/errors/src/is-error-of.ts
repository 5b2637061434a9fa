/** A class of errors; ours have a `marker`, `Symbol.for("bn-only.<package>.<Class>")`. */
export type ErrorClass = (abstract new (...args: never) => Error) & { readonly marker?: symbol };

/**
 * Whether `value` is an error of `kind` or of a class below it, in this copy of its package or in
 * another, where `instanceof` fails. A class without a marker of its own is known by `instanceof`.
 */
export function isErrorOf(kind: ErrorClass, value: unknown): boolean {
  if (value instanceof kind) return true;
  if (!Object.hasOwn(kind, "marker")) return false;
  return [...classesOf(value)].some(
    (candidate) => Object.hasOwn(candidate, "marker") && candidate.marker === kind.marker,
  );
}

/** The class of an object, and all above it. */
function* classesOf(value: unknown): Generator<{ readonly marker?: unknown }> {
  if (typeof value !== "object" || value === null) return;
  let prototype: unknown = Object.getPrototypeOf(value);
  while (prototype) {
    const own = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value as unknown;
    if (typeof own === "function") yield own as { readonly marker?: unknown };
    prototype = Object.getPrototypeOf(prototype);
  }
}
