import { show } from "@bn-only/errors";
import { assertParameters } from "../check.ts";
import { SelectorError } from "../errors.ts";
import type { Parameter } from "./parameter.ts";

/** What a selector looks at: a parameter, or a running statistic. */
interface Selectable {
  readonly path: string;
  readonly role: string;
}

/**
 * Names a set of parameters:
 *
 * - a role, `bn.gamma`, or a group of roles, `bn`, `conv`, `shortcut`, `head`;
 * - a path pattern, `stage1/**` or `stage1/block1/bn1/*` (`*` within one part, `**` across parts);
 * - a function of the parameter;
 * - `not(selector)`, which is everything else;
 * - a list, which is the union of its members; the empty list selects nothing.
 */
export type Selector<Item extends Selectable = Parameter> =
  | string
  | ((item: Item) => boolean)
  | { readonly not: Selector<Item> }
  | readonly Selector<Item>[];

/**
 * The parameters that a selector names, in their own order.
 *
 * @throws SelectorError for what is no selector, and when a role, a pattern or a function matches nothing: a misspelt name would
 * otherwise train a network of which nothing moves.
 */
export function select<Item extends Selectable>(
  parameters: readonly Item[],
  selector: Selector<Item>,
): Item[] {
  assertParameters("select: parameters", parameters);
  const chosen = new Set<Item>();
  collect(parameters, selector, chosen);
  return parameters.filter((parameter) => chosen.has(parameter));
}

/** Some numbers of each of the parameters that `select` names. */
export interface PartialSelection {
  readonly select: Selector;
  /** Ascending positions, row-major, of the numbers that train. */
  readonly indices: (parameter: Parameter) => Int32Array;
}

/** What trains: whole parameters, numbers of parameters, or a list of both. */
export type TrainableSelection = Selector | PartialSelection | readonly TrainableSelection[];

export function isPartial(selection: TrainableSelection): selection is PartialSelection {
  return typeof selection === "object" && selection !== null && "indices" in selection;
}

/** Everything that `selector` does not name, though it must name something. */
export function not<Item extends Selectable = Parameter>(
  selector: Selector<Item>,
): { readonly not: Selector<Item> } {
  return { not: selector };
}

function collect<Item extends Selectable>(
  parameters: readonly Item[],
  selector: Selector<Item>,
  chosen: Set<Item>,
): void {
  if (isList<Selector<Item>>(selector)) {
    for (const member of selector) collect(parameters, member, chosen);
    return;
  }
  const found = find(parameters, selector);
  if (found.length === 0) {
    const label = labelOf(selector);
    const roles = [...new Set(parameters.map((parameter) => parameter.role))].join(", ");
    throw new SelectorError(
      label,
      `select: "${label}" matches no parameter. Name one of the roles ${roles}, their group ` +
        `(the part before the dot), or a path such as "${parameters[0]?.path ?? "stem/**"}".`,
    );
  }
  for (const parameter of found) chosen.add(parameter);
}

function find<Item extends Selectable>(
  parameters: readonly Item[],
  selector: Exclude<Selector<Item>, readonly unknown[]>,
): Item[] {
  if (typeof selector === "string" || typeof selector === "function") {
    const matches = matcher(selector);
    return parameters.filter((parameter) => matches(parameter));
  }
  if (typeof selector === "object" && selector !== null && "not" in selector) {
    const excluded = new Set(select(parameters, selector.not));
    return parameters.filter((parameter) => !excluded.has(parameter));
  }
  throw new SelectorError(
    show(selector),
    `select: expected a role, a path pattern, a function, not(…) or a list of these, got ` +
      `${show(selector)}.`,
  );
}

function labelOf<Item extends Selectable>(selector: Selector<Item>): string {
  if (typeof selector === "string") return selector;
  if (typeof selector === "function") return selector.name || "a function";
  if (isList<Selector<Item>>(selector)) return selector.map((member) => labelOf(member)).join(", ");
  return `not(${labelOf(selector.not)})`;
}

export function isList<Member>(value: unknown): value is readonly Member[] {
  return Array.isArray(value);
}

function matcher<Item extends Selectable>(
  selector: string | ((item: Item) => boolean),
): (item: Item) => boolean {
  if (typeof selector === "function") {
    return (item) => {
      const matches: unknown = selector(item);
      if (typeof matches === "boolean") return matches;
      throw new SelectorError(
        labelOf(selector),
        `select: a function must return true or false, got ${show(matches)} for "${item.path}".`,
      );
    };
  }
  if (/^[a-z]+(\.[a-z]+)?$/.test(selector)) {
    return ({ role }) => role === selector || role.startsWith(`${selector}.`);
  }
  return ({ path }) => matchesPattern(selector, path);
}

/** Follows all ends that the pattern can have reached, so that no pattern takes long. */
function matchesPattern(pattern: string, path: string): boolean {
  let ends = new Set([0]);
  for (const token of pattern.match(/\*\*|\*|[^*]+/g) ?? []) {
    const next = new Set<number>();
    for (const end of ends) {
      if (!token.startsWith("*")) {
        if (path.startsWith(token, end)) next.add(end + token.length);
        continue;
      }
      const slash = token === "*" ? path.indexOf("/", end) : -1;
      const last = slash < 0 ? path.length : slash;
      for (let to = end; to <= last; to++) next.add(to);
    }
    ends = next;
  }
  return ends.has(path.length);
}
