import { didYouMean } from "./nearest.ts";
import { show } from "./show.ts";

/** Every option of an interface by name: the compiler sees to it that none is left out. */
export type OptionNames<Options extends object> = Readonly<Record<keyof Options, true>>;

/**
 * What is wrong with an object of options, for those who have no compiler: it is none, or it has a
 * name that no option has. Undefined when nothing is. Values are not looked at.
 *
 * @param subject who wants it, such as `train` or `sgd`
 */
export function optionFault<Options extends object>(
  subject: string,
  options: unknown,
  names: OptionNames<Options>,
): string | undefined {
  const known = Object.keys(names);
  if (!isRecord(options)) {
    return `${subject}: expected an object of options, { ${known.join(", ")} }, got ${show(options)}.`;
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return undefined;
  return `${subject}: there is no option ${show(unknown)}${didYouMean(unknown, known)} Options are ${known.join(", ")}.`;
}

/** Options may be of a class; a list, a promise, a map or an array of numbers is a mistake. */
function isRecord(value: unknown): value is object {
  return /^\[object (Object|Module)\]$/.test(Object.prototype.toString.call(value));
}
