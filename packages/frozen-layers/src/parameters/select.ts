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
 * - a list, which is the union of its members; the empty list selects nothing.
 */
export type Selector<Item extends Selectable = Parameter> =
  | string
  | ((item: Item) => boolean)
  | readonly Selector<Item>[];

/**
 * The parameters that a selector names, in their own order.
 *
 * @throws SelectorError when a role, a pattern or a function matches nothing: a misspelt name would
 * otherwise train a network of which nothing moves.
 */
export function select<Item extends Selectable>(
  parameters: readonly Item[],
  selector: Selector<Item>,
): Item[] {
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
  return typeof selection === "object" && "indices" in selection;
}

/** Everything that `selector` does not name. */
export function not(selector: string | ((parameter: Parameter) => boolean)): Selector {
  const matches = matcher(selector);
  return (parameter) => !matches(parameter);
}

function collect<Item extends Selectable>(
  parameters: readonly Item[],
  selector: Selector<Item>,
  chosen: Set<Item>,
): void {
  if (isList(selector)) {
    for (const member of selector) collect(parameters, member, chosen);
    return;
  }
  const matches = matcher(selector);
  const found = parameters.filter(matches);
  if (found.length === 0) {
    const label = typeof selector === "string" ? selector : selector.name || "a function";
    const roles = [...new Set(parameters.map((parameter) => parameter.role))].join(", ");
    throw new SelectorError(
      label,
      `select: "${label}" matches no parameter. Name one of the roles ${roles}, their group ` +
        `(the part before the dot), or a path such as "${parameters[0]?.path ?? "stem/**"}".`,
    );
  }
  for (const parameter of found) chosen.add(parameter);
}

function isList<Item extends Selectable>(
  selector: Selector<Item>,
): selector is readonly Selector<Item>[] {
  return Array.isArray(selector);
}

function matcher<Item extends Selectable>(
  selector: string | ((item: Item) => boolean),
): (item: Item) => boolean {
  if (typeof selector === "function") return selector;
  if (/^[a-z]+(\.[a-z]+)?$/.test(selector)) {
    return ({ role }) => role === selector || role.startsWith(`${selector}.`);
  }
  const pattern = globToRegExp(selector);
  return (parameter) => pattern.test(parameter.path);
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\?]/g, "\\$&")
    .replace(/\*\*|\*/g, (stars) => (stars === "**" ? ".*" : "[^/]*"));
  return new RegExp(`^${source}$`);
}
