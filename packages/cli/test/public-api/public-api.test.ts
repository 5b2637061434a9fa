import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import "@tensorflow/tfjs-backend-cpu";
import { setBackend } from "@tensorflow/tfjs-core";
import {
  anything as anythingOf,
  array,
  assert,
  asyncProperty,
  constantFrom,
  tuple,
} from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Case, Place } from "./case.ts";
import { entries, methodsOf } from "./entries.ts";
import { isOurs } from "./our-errors.ts";
import { fault, isPlain, placesOf, withValue } from "./walk.ts";
import { notFiniteData, wrongValues } from "./wrong-values.ts";

const isClass = (value: unknown): value is Function =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

const isErrorClass = (value: unknown): boolean =>
  typeof value === "function" && value.prototype instanceof Error;

const isOp = (value: unknown): boolean => isPlain(value) && "owns" in value && "name" in value;

/** All that a user can call: functions, classes and their methods, and ops, by `runOp`. */
function callables(exports: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    if (isErrorClass(value)) return [];
    if (isClass(value)) return [name, ...methodsOf(name, value)];
    return typeof value === "function" || isOp(value) ? [name] : [];
  });
}

const statistics = { exports: 0, calls: 0 };
const home = {
  HOME: process.env["HOME"],
  offline: process.env["BN_ONLY_OFFLINE"],
  folder: process.cwd(),
  files: readdirSync("."),
};

beforeAll(async () => {
  // A wrong environment or folder must not lead to the user's own.
  process.env["HOME"] = mkdtempSync(join(tmpdir(), "bn-only-home-"));
  // Nor must a wrong path make folders in ours.
  process.chdir(process.env["HOME"]);
  process.env["BN_ONLY_OFFLINE"] = "1";
  await setBackend("cpu");
});

afterAll(() => {
  process.chdir(home.folder);
  expect(readdirSync(".")).toEqual(home.files);
  process.env["HOME"] = home.HOME;
  if (home.offline === undefined) delete process.env["BN_ONLY_OFFLINE"];
  console.log(`public API: ${statistics.exports} exports walked, ${statistics.calls} calls`);
});

test("every entry of every published package is walked", () => {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const specifiers = readdirSync(root).flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8")) as {
      name: string;
      exports: Record<string, unknown>;
    };
    // Those with types; the others are files, such as binaries.
    return Object.entries(manifest.exports)
      .filter(([, target]) => typeof target === "object")
      .map(([path]) => manifest.name + path.slice(1));
  });
  expect(specifiers.toSorted()).toEqual(Object.keys(entries).toSorted());
});

describe.each(Object.entries(entries))("%s", (_specifier, { exports, cases, spared = {} }) => {
  test("every callable export has a case, and every case an export", () => {
    const all = callables(exports);
    expect(all.filter((name) => !(name in cases) && !(name in spared))).toEqual([]);
    const named = Object.keys(cases).map((name) => name.replace(/\(\)\..*$/, ""));
    expect(named.filter((name) => !all.includes(name))).toEqual([]);
    statistics.exports += all.filter((name) => name in cases).length;
  });

  const list = Object.entries(cases).flatMap(([name, value]) =>
    [value].flat().map((one) => [`${name} ${(one as Case).name}`.trim(), one as Case] as const),
  );
  if (list.length === 0) return;

  test.each(list)("%s: right arguments are taken", async (_name, one) => {
    const args = await one.args();
    if (!one.fails) return void (await (one.call as (...all: unknown[]) => unknown)(...args));
    await expect(
      (async () => (one.call as (...all: unknown[]) => unknown)(...args))(),
    ).rejects.toSatisfy(isOurs);
  });

  test.each(list.filter(([, { options }]) => options.length > 0))(
    "%s: a name that no option has is refused, and the nearest one named",
    async (_name, one) => {
      for (const place of one.options) {
        const options = at(await one.args(), place) as Record<string, unknown>;
        for (const known of Object.keys(options)) {
          const misspelt = `${known}s`;
          const wrong = { ...options, [misspelt]: options[known] };
          const args = withValue(await one.args(), place, wrong) as unknown[];
          const error = await failure(one, args);
          expect(isOurs(error), `${misspelt}: ${String(error)}`).toBe(true);
          expect(String(error)).toContain(`there is no option "${misspelt}"; did you mean "`);
        }
      }
    },
  );

  test.each(list)(
    "%s: wrong values",
    async (_name, one) => {
      const places = placesOf(await one.args());
      const faults: string[] = [];
      for (const place of places) {
        for (const [wrong, make] of wrongValues) {
          if (one.spare(place, wrong)) continue;
          statistics.calls += 1;
          const found = await fault(
            one,
            (args) => withValue(args, place, make()),
            !notFiniteData.includes(wrong),
          );
          if (found !== undefined) faults.push(`${place.join(".")} = ${wrong}: ${found}`);
        }
      }
      expect(faults, faults.join("\n")).toEqual([]);
    },
    300_000,
  );

  test.each(list)(
    "%s: any value at one or two places",
    async (_name, one) => {
      const places = placesOf(await one.args());
      if (places.length === 0) return;
      const anything = anythingOf({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withTypedArray: true,
        maxDepth: 2,
      });
      const replaced = tuple(constantFrom(...places), anything);
      await assert(
        asyncProperty(array(replaced, { minLength: 1, maxLength: 2 }), async (changes) => {
          const change = (right: readonly unknown[]): unknown => {
            let args: unknown = right;
            for (const [place, value] of changes) {
              const untouched = one.spare(place, value === undefined ? "undefined" : "anything");
              if (!untouched && reaches(args, place)) args = withValue(args, place, value);
            }
            return args;
          };
          statistics.calls += 1;
          expect(await fault(one, change, false)).toBeUndefined();
        }),
        { numRuns: 40, seed: 9 },
      );
    },
    300_000,
  );
});

function at(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], value);
}

/** Whether an earlier change has left the place there. */
function reaches(value: unknown, [first, ...rest]: Place): boolean {
  if (first === undefined) return true;
  if (!Array.isArray(value) && !isPlain(value)) return false;
  return Object.hasOwn(value, first) && reaches((value as Record<string, unknown>)[first], rest);
}

async function failure(one: Case, args: readonly unknown[]): Promise<unknown> {
  try {
    await (one.call as (...all: readonly unknown[]) => unknown)(...args);
    return "it was taken";
  } catch (error) {
    return error;
  }
}
