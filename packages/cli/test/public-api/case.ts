/** A path to a value inside arguments: `[0, "transforms", 1]`. */
export type Place = readonly (string | number)[];

/** One call of the public API with arguments that are right. */
export interface Case {
  /** Of the same function, `second` and so on. */
  readonly name: string;
  /** Fresh arguments. */
  readonly args: () => readonly unknown[] | Promise<readonly unknown[]>;
  readonly call: (...args: never[]) => unknown;
  /** Whether even these arguments end in an error of ours, since the machine lacks something. */
  readonly fails: boolean;
  /** Places of objects of options, in which a name that no option has is refused. */
  readonly options: readonly Place[];
  /** Places that are left as they are, and why is said beside them. */
  readonly spare: (place: Place, wrong: string) => boolean;
}

interface CaseOptions {
  readonly name?: string;
  readonly fails?: boolean;
  readonly options?: readonly Place[];
  readonly spare?: (place: Place, wrong: string) => boolean;
}

/** A function and arguments that it takes. */
export function call(
  run: (...args: never[]) => unknown,
  args: Case["args"],
  { name = "", fails = false, options = [], spare = () => false }: CaseOptions = {},
): Case {
  return { name, args, call: run, fails, options, spare };
}

/** Cases by the name of the export: `Network.predict` is a method of `Network`. */
export type Cases = Readonly<Record<string, Case | readonly Case[]>>;
