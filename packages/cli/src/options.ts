import { didYouMean } from "@bn-only/errors";
import type { ImageShape } from "./data/shape.ts";
import { UsageError } from "./errors.ts";

/** A parser of whole numbers from `minimum`, for commander. */
export function wholeNumber(
  name: string,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < minimum || value > maximum) {
      const range = `from ${minimum}${maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : ""}`;
      throw new UsageError(`${name} must be a whole number ${range}, got "${text}".`);
    }
    return value;
  };
}

/** A parser of finite numbers; `above` excludes the limit itself. */
export function realNumber(
  name: string,
  limit: { readonly from: number } | { readonly above: number },
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = "from" in limit ? value >= limit.from : value > limit.above;
    if (text.trim() === "" || !Number.isFinite(value) || !fits) {
      const range = "from" in limit ? `from ${limit.from}` : `above ${limit.above}`;
      throw new UsageError(`${name} must be a number ${range}, got "${text}".`);
    }
    return value;
  };
}

/** A parser of numbers between 0 and 1, with commas. */
export function shares(name: string): (text: string) => number[] {
  return (text) => {
    const values = text.split(",").map(Number);
    if (values.every((value) => value > 0 && value < 1)) return values;
    throw new UsageError(
      `${name} must be numbers between 0 and 1 such as 0.5,0.75, got "${text}".`,
    );
  };
}

/** A parser of paths of files and folders: anything but nothing. */
export function pathName(name: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== "") return text;
    throw new UsageError(`${name} must be a path, got "${text}".`);
  };
}

/** A parser of image shapes: height x width x channels. */
export function imageShape(name: string): (text: string) => ImageShape {
  return (text) => {
    const match = /^([1-9]\d{0,3})x([1-9]\d{0,3})x([13])$/.exec(text);
    if (match) return [Number(match[1]), Number(match[2]), Number(match[3])];
    throw new UsageError(
      `${name} must be height x width x channels, such as 64x64x3, with 1 or 3 channels, got "${text}".`,
    );
  };
}

/** A parser that takes one of some names and suggests the nearest. */
export function oneOf<Name extends string>(
  name: string,
  choices: readonly Name[],
): (text: string) => Name {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new UsageError(
      `${name} "${text}" does not exist${didYouMean(text, choices)} ` +
        `Choose one of ${choices.join(", ")}.`,
    );
  };
}

/** For very deep networks; see `BuildOptions` of the zoo. */
export const checkpointedStagesOption = [
  "--checkpointed-stages <n>",
  "run the first n stages twice to save memory",
  wholeNumber("--checkpointed-stages", 0),
  0,
] as const;
