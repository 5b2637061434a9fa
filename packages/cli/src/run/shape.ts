/** What a value in a file must be. Gives the place of the first one that is not, `""` for the value itself. */
export type Shape = (value: unknown) => string | undefined;

export const only =
  (fits: (value: unknown) => boolean): Shape =>
  (value) =>
    fits(value) ? undefined : "";

export const text: Shape = only((value) => typeof value === "string");
export const flag: Shape = only((value) => typeof value === "boolean");
export const number: Shape = only((value) => Number.isFinite(value));
export const natural: Shape = only((value) => Number.isSafeInteger(value) && Number(value) >= 0);

export function optional(shape: Shape): Shape {
  return (value) => (value === undefined ? undefined : shape(value));
}

export function among(names: readonly string[]): Shape {
  return only((value) => names.includes(value as string));
}

export function listOf(shape: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return "";
    for (const [i, item] of value.entries()) {
      const wrong = shape(item);
      if (wrong !== undefined) return joined(String(i), wrong);
    }
    return undefined;
  };
}

/** An object with these members, and any others. */
export function objectOf(members: Readonly<Record<string, Shape>>): Shape {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
    for (const [name, shape] of Object.entries(members)) {
      const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const wrong = shape(own);
      if (wrong !== undefined) return joined(name, wrong);
    }
    return undefined;
  };
}

function joined(name: string, rest: string): string {
  return rest === "" ? name : `${name}.${rest}`;
}
