import { FormatError } from "../errors.ts";
import { PickleReader } from "./pickle-reader.ts";
import { callGlobal, setState } from "./pickle-numpy.ts";
import { PickleGlobal } from "./pickle-values.ts";
import type { PickleValue } from "./pickle-values.ts";

const mark = Symbol("mark");
type Item = PickleValue | typeof mark;

/**
 * Reads a pickle of protocol 2 to 5 that holds dictionaries, lists, tuples, numbers, text and numpy
 * arrays of bytes. Nothing in it is executed: the few functions that numpy's arrays need are
 * understood by name, every other name is refused.
 *
 * @param file name of the file, for messages
 * @throws FormatError for anything else
 */
export function parsePickle(bytes: Uint8Array, file: string): PickleValue {
  const reader = new PickleReader(bytes, file);
  const stack: Item[] = [];
  const memo = new Map<number, PickleValue>();
  const damaged = (what: string): FormatError =>
    new FormatError(file, `expected a pickle of arrays and lists, got ${what}.`);
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || value === mark) throw damaged("one that takes what is not there");
    return value;
  };
  const top = (): PickleValue => {
    const value = stack.at(-1);
    if (value === undefined || value === mark) throw damaged("one that takes what is not there");
    return value;
  };
  const popToMark = (): PickleValue[] => {
    const at = stack.lastIndexOf(mark);
    if (at === -1) throw damaged("one without a mark");
    return stack.splice(at).slice(1) as PickleValue[];
  };
  const recall = (index: number): PickleValue => {
    const value = memo.get(index);
    if (value === undefined) throw damaged("one that recalls what it has not said");
    return value;
  };
  const setItems = (pairs: readonly PickleValue[]): void => {
    const target = top();
    if (!(target instanceof Map) || pairs.length % 2 !== 0) throw damaged("a wrong dictionary");
    for (let i = 0; i < pairs.length; i += 2) target.set(keyOf(pairs[i]!, file), pairs[i + 1]!);
  };
  const append = (values: readonly PickleValue[]): void => {
    const target = top();
    if (!Array.isArray(target)) throw damaged("a wrong list");
    for (const value of values) target.push(value);
  };
  const operations: Readonly<Record<string, () => void>> = {
    "\x80": () => void reader.uint(1),
    "\x95": () => void reader.long(),
    "}": () => stack.push(new Map()),
    "]": () => stack.push([]),
    ")": () => stack.push([]),
    "(": () => stack.push(mark),
    N: () => stack.push(null),
    "\x88": () => stack.push(true),
    "\x89": () => stack.push(false),
    K: () => stack.push(reader.uint(1)),
    M: () => stack.push(reader.uint(2)),
    J: () => stack.push(reader.int32()),
    U: () => stack.push(reader.bytes(reader.uint(1))),
    T: () => stack.push(reader.bytes(reader.uint(4))),
    C: () => stack.push(reader.bytes(reader.uint(1))),
    B: () => stack.push(reader.bytes(reader.uint(4))),
    "\x96": () => stack.push(reader.bytes(reader.long())),
    "\x8e": () => stack.push(reader.bytes(reader.long())),
    "\x8c": () => stack.push(reader.text(reader.uint(1))),
    X: () => stack.push(reader.text(reader.uint(4))),
    "\x8d": () => stack.push(reader.text(reader.long())),
    c: () => stack.push(new PickleGlobal(`${reader.line()}.${reader.line()}`)),
    "\x93": () => {
      const [name, module] = [pop(), pop()];
      if (typeof name !== "string" || typeof module !== "string") throw damaged("a wrong name");
      stack.push(new PickleGlobal(`${module}.${name}`));
    },
    q: () => void memo.set(reader.uint(1), top()),
    r: () => void memo.set(reader.uint(4), top()),
    "\x94": () => void memo.set(memo.size, top()),
    h: () => stack.push(recall(reader.uint(1))),
    j: () => stack.push(recall(reader.uint(4))),
    a: () => {
      const value = pop();
      append([value]);
    },
    e: () => append(popToMark()),
    s: () => {
      const value = pop();
      setItems([pop(), value]);
    },
    u: () => setItems(popToMark()),
    t: () => stack.push(popToMark()),
    "\x85": () => stack.push([pop()]),
    "\x86": () => stack.push([pop(), pop()].toReversed()),
    "\x87": () => stack.push([pop(), pop(), pop()].toReversed()),
    R: () => {
      const [values, called] = [pop(), pop()];
      stack.push(callGlobal(called, values, file));
    },
    b: () => {
      const state = pop();
      setState(top(), state, file);
    },
  };
  for (;;) {
    const code = String.fromCharCode(reader.uint(1));
    if (code === ".") return pop();
    const operation = operations[code];
    if (operation === undefined) {
      throw damaged(`the operation 0x${code.charCodeAt(0).toString(16).padStart(2, "0")}`);
    }
    operation();
  }
}

/** Keys of Python 2 are bytes. */
function keyOf(value: PickleValue, file: string): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array && value.length < 256) return String.fromCharCode(...value);
  throw new FormatError(file, "expected a dictionary with names as keys, got another one.");
}
