import type { Random } from "../random.ts";
import type { Mutation } from "../target.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Writing it takes the square of the depth; `nestText` goes deeper. */
const nested = (depth: number): Json => {
  let value: Json = 0;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};

/** Values that code which believes a file stumbles over. */
const nasty: readonly Json[] = [
  null,
  true,
  0,
  -1,
  -0,
  1.5,
  1e308,
  2 ** 32,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  "",
  "x",
  "\u0000",
  "\u001b[31m",
  "\ud800",
  "toString",
  "x".repeat(5000),
  [],
  {},
  [null],
  [[]],
  { length: 1e9 },
  { toString: 1 },
  { toString: null, valueOf: null },
  JSON.parse('{"__proto__": {"x": 1}}') as Json,
];

const keys = ["__proto__", "constructor", "toString", "length", "x", "", "0"];

/** Replaces, removes, adds or renames one value somewhere in a JSON value. */
function changeJson(value: Json, random: Random): Json {
  if (typeof value === "string" && /^[[{]/.test(value) && random.below(4) > 0) {
    const inner = parse(value);
    if (inner !== undefined) return stringify(changeJson(inner, random)) ?? value;
  }
  const stays = typeof value !== "object" || value === null || random.below(40) === 0;
  if (stays)
    return random.below(50) === 0 ? nested(random.pick([10, 100, 500])) : leaf(value, random);
  if (Array.isArray(value)) return changeList(value, random);
  const entries = Object.entries(value);
  if (entries.length === 0) return { [random.pick(keys)]: random.pick(nasty) };
  const at = random.below(entries.length);
  const change = random.below(8);
  if (change === 0) entries.splice(at, 1);
  else if (change === 1) entries.push([random.pick(keys), random.pick(nasty)]);
  else if (change === 2) entries[at] = [random.pick(keys), entries[at]![1]];
  else entries[at] = [entries[at]![0], changeJson(entries[at]![1], random)];
  return fromEntries(entries);
}

function changeList(list: Json[], random: Random): Json {
  if (list.length === 0) return [random.pick(nasty)];
  const at = random.below(list.length);
  const change = random.below(6);
  if (change === 0) return list.toSpliced(at, 1);
  if (change === 1) return list.toSpliced(at, 0, list[at]!);
  return list.with(at, changeJson(list[at]!, random));
}

function leaf(value: Json, random: Random): Json {
  if (typeof value === "number" && random.below(3) === 0) return value + random.below(9) - 4;
  return random.pick(nasty);
}

/** A key `__proto__` becomes one of the object's own, as in JSON. */
function fromEntries(entries: readonly (readonly [string, Json])[]): Json {
  const object: { [key: string]: Json } = {};
  for (const [key, value] of entries) {
    if (key !== "__proto__") object[key] = value;
    else Object.defineProperty(object, key, { value, enumerable: true, configurable: true });
  }
  return object;
}

/** What `nestText` made: writing it again would take seconds. */
const deep = "[".repeat(1000);

function parse(text: string): Json | undefined {
  if (text.includes(deep)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Changes of bytes that are one JSON value. */
export const jsonMutation: Mutation = (bytes, random) => {
  const text = Buffer.from(bytes).toString("utf8");
  const value = parse(text);
  if (value === undefined) return bytes;
  // Seldom, since reading them takes a thousand times as long as most others.
  if (random.below(1000) === 0) return encode(nestText(text, random));
  return encode(stringify(changeJson(value, random)) ?? text);
};

/** One number becomes a list that lies deep in others. */
function nestText(text: string, random: Random): string {
  const depth = random.pick([100, 10_000, 50_000]);
  return text.replace(/\d+/, (digits) => "[".repeat(depth) + digits + "]".repeat(depth));
}

/** Undefined for what is nested too deeply. */
function stringify(value: Json): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Changes of one line of JSON among many. */
export const jsonLineMutation: Mutation = (bytes, random) => {
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  const at = random.below(lines.length);
  const value = parse(lines[at]!);
  if (value === undefined) return bytes;
  return encode(lines.with(at, stringify(changeJson(value, random)) ?? "").join("\n"));
};

const yamlValues = [
  ..."~ [] {} - ? & * ! | > % @ ` NaN .inf 0x10 1e3 2026-11-27 <<".split(" "),
  "&a [*a]",
  "*x",
  "!!binary x",
  "!!js/function x",
  "{toString: 1}",
  "[{}]",
  "-1",
  '"\\u001b[31m"',
];

/** Another value behind one of the names of a YAML file, or the line a second time. */
export const yamlMutation: Mutation = (bytes, random) => {
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  const at = random.below(lines.length);
  const changed = lines[at]!.replace(/(: |- ).*$/, `$1${random.pick(yamlValues)}`);
  const again = random.below(5) === 0 ? [lines[at]!] : [];
  return encode(lines.toSpliced(at, 1, changed, ...again).join("\n"));
};

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
