import { printable } from "./printable.ts";

/** Any value in a few words of an error message; never throws, whatever the value does. */
export function show(value: unknown): string {
  try {
    return describe(value, true);
  } catch {
    return `a strange ${typeof value}`;
  }
}

const LONGEST_TEXT = 60;
const LONGEST_LIST = 8;

function describe(value: unknown, open: boolean): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "bigint":
      return `${shorten(String(value))}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : describeObject(value, open);
    default:
      return String(value);
  }
}

function describeObject(value: object, open: boolean): string {
  if (Array.isArray(value)) {
    if (!open) return "a list";
    const members = value.slice(0, LONGEST_LIST).map((member) => describe(member, false));
    return `[${members.join(", ")}${value.length > LONGEST_LIST ? ", …" : ""}]`;
  }
  const kind: unknown = value.constructor?.name;
  if (typeof kind === "string" && kind !== "" && kind !== "Object") {
    return `${/^([AEIO]|U(?!int))/.test(kind) ? "an" : "a"} ${shorten(kind)}`;
  }
  const names = Object.keys(value);
  if (names.length === 0) return "an empty object";
  const shown = names.slice(0, LONGEST_LIST).map((name) => printable(shorten(name)));
  return `an object with ${shown.join(", ")}${names.length > LONGEST_LIST ? ", …" : ""}`;
}

/** In quotes, so that "0" is not taken for 0. */
const quote = (text: string): string => `"${printable(shorten(text))}"`;

const shorten = (text: string): string =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
