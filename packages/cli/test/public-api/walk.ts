import { memory, Tensor } from "@tensorflow/tfjs-core";
import type { Case, Place } from "./case.ts";
import { isOurs } from "./our-errors.ts";

const DEEPEST = 4;
const LONGEST = 3;

/** Every place in arguments where a value could be wrong: they themselves, members and fields. */
export function placesOf(value: unknown, place: Place = []): Place[] {
  const here = place.length === 0 ? [] : [place];
  if (place.length >= DEEPEST) return here;
  if (Array.isArray(value)) {
    const members = value.slice(0, LONGEST);
    return [...here, ...members.flatMap((member, i) => placesOf(member, [...place, i]))];
  }
  if (!isPlain(value) || isLayer(value)) return here;
  const fields = Object.keys(value).flatMap((name) => placesOf(value[name], [...place, name]));
  return [...here, ...fields];
}

/** What a factory made is one value: nobody writes into it. */
const isLayer = (value: Record<string, unknown>): boolean =>
  "forward" in value && "children" in value;

/** The same arguments with another value at one place; nothing of the original is written to. */
export function withValue(value: unknown, place: Place, wrong: unknown): unknown {
  const [first, ...rest] = place;
  if (first === undefined) return wrong;
  if (Array.isArray(value)) {
    return value.map((member, i) => (i === first ? withValue(member, rest, wrong) : member));
  }
  const fields = value as Record<string, unknown>;
  return { ...fields, [first]: withValue(fields[first], rest, wrong) };
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** What must not reach a user: the engine's own sentences, and tfjs's. */
const foreign =
  /undefined is not|is not a function|is not iterable|Cannot read|Cannot convert|Invalid (array|typed)|Argument '|passed to '|Tensor is disposed\.|not a constructor|\[object/;

/**
 * Calls once. Undefined when that ended as it may: with finite numbers, or an error of ours that says
 * something. Otherwise what was wrong.
 *
 * @param finite false where numbers that are not finite went in as data, so that they may come out
 */
export async function fault(
  { args: rightArgs, call }: Case,
  change: (args: readonly unknown[]) => unknown,
  finite: boolean,
): Promise<string | undefined> {
  const before = memory().numTensors;
  const right = await rightArgs();
  const args = change(right) as readonly unknown[];
  let result: unknown;
  try {
    result = await withinTime((call as (...all: readonly unknown[]) => unknown)(...args));
  } catch (error) {
    release([args, right]);
    const leaked = memory().numTensors - before;
    if (!(error instanceof Error)) return `threw ${String(error)}`;
    const { name, message } = error;
    if (!isOurs(error)) return `${name}: ${message}\n${stackOf(error)}`;
    if (error.message.trim() === "") return `${error.name} without a message`;
    // One that memory is short quotes what the engine said, too.
    if (name !== "OutOfMemoryError" && foreign.test(message))
      return `${error.name} says "${error.message}"`;
    return leaked > 0 ? `${leaked} tensors leaked; ${error.name}: ${error.message}` : undefined;
  }
  const notFinite = finite ? findNotFinite(result, "result") : undefined;
  release([result, args, right]);
  return notFinite;
}

function stackOf({ stack = "" }: Error): string {
  return stack
    .split("\n")
    .filter((line) => /packages\/|tfjs/.test(line) && !line.includes("public-api"))
    .slice(0, 3)
    .join("\n");
}

async function withinTime(result: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs: no result within 20 s")), 5_000);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Numbers that are not finite in what a call gave. */
function findNotFinite(value: unknown, where: string, depth = 0): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return `${where} is ${value}`;
  if (value instanceof Tensor) {
    if (value.isDisposed || value.dtype === "string") return undefined;
    return findNotFinite(value.dataSync(), where, depth);
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const numbers = value as unknown as ArrayLike<number>;
    for (let i = 0; i < numbers.length; i++) {
      if (!Number.isFinite(Number(numbers[i]))) return `${where}[${i}] is ${numbers[i]}`;
    }
    return undefined;
  }
  if (depth > DEEPEST || typeof value !== "object" || value === null) return undefined;
  const entries =
    value instanceof Map
      ? [...value]
      : isPlain(value)
        ? Object.entries(value)
        : Array.isArray(value)
          ? [...value.entries()]
          : [];
  for (const [name, member] of entries) {
    const found = findNotFinite(member, `${where}.${String(name)}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Disposes the tensors and networks among values. */
function release(value: unknown, depth = 0): void {
  if (depth > 2 * DEEPEST || typeof value !== "object" || value === null) return;
  const { dispose } = value as { dispose?: unknown };
  if (typeof dispose === "function" && !isPlain(value)) {
    try {
      dispose.call(value);
    } catch {
      // A wrong value.
    }
    return;
  }
  if (Array.isArray(value)) for (const member of value) release(member, depth + 1);
  else if (value instanceof Map) for (const member of value.values()) release(member, depth + 1);
  else if (isPlain(value)) for (const member of Object.values(value)) release(member, depth + 1);
}
