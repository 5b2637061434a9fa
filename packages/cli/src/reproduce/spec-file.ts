import { didYouMean, show } from "@bn-only/errors";
import { paperRecipe } from "@bn-only/trainer";
import { UsageError } from "../errors.ts";
import { readRegularFile } from "../read-file.ts";
import { listOf, natural, objectOf, only, optional, type Shape, text } from "../run/shape.ts";
import { optionShapes } from "../training/check-options.ts";
import { withoutFree } from "../training/options.ts";
import { type FigureName, figureNames, type FigureSpec, type Protocol } from "./figure-spec.ts";

const count = only((value) => Number.isSafeInteger(value) && Number(value) >= 1);

/** Wrong ones would fail in the process of every single run. */
const counts = {
  epochs: count,
  batchSize: count,
  trainSize: optional(count),
  testSize: optional(count),
  classes: optional(count),
};

const {
  seed: _seed,
  condition,
  dataDir: _dataDir,
  plugin: _plugin,
  ...protocol
} = { ...withoutFree(optionShapes), ...counts };

const some =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.length > 0 ? listOf(shape)(value) : "";

const group = {
  networks: some(text),
  conditions: some(condition),
  batchNormInit: optional(optionShapes.batchNormInit),
};

const members: Readonly<Record<keyof FigureSpec, Shape>> = {
  figure: only((value) => figureNames.includes(value as FigureName)),
  seeds: only(
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      listOf(natural)(value) === undefined &&
      new Set(value).size === value.length,
  ),
  protocol: objectOf(protocol),
  runs: only(
    (value) =>
      Array.isArray(value) && value.length > 0 && listOf(objectOf(group))(value) === undefined,
  ),
  result: optional(text),
};

const wanted: Readonly<Record<string, string>> = {
  figure: `one of ${figureNames.join(", ")}`,
  seeds: "a list of different whole numbers, such as [0, 1]",
  protocol: `an object with ${Object.keys(protocol).join(", ")}`,
  runs: "a list of {networks: […], conditions: […]}",
  result: "a hash",
};

/**
 * Reads a `--spec` file.
 *
 * @param figure what the command line names, which the file must not contradict
 * @throws UsageError that names the file and the first thing that is wrong in it.
 */
export async function readSpec(file: string, figure: FigureName | undefined): Promise<FigureSpec> {
  const fail = (problem: string): never => {
    throw new UsageError(`${file}: ${problem}`);
  };
  const value = await parseYaml(file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(`not an object with ${Object.keys(members).join(", ")}.`);
  }
  const spec = value as Record<string, unknown>;
  assertKnown(spec, members, "", fail);
  assertKnown(spec["protocol"], protocol, "protocol.", fail);
  for (const entry of Array.isArray(spec["runs"]) ? spec["runs"] : [])
    assertKnown(entry, group, "runs.", fail);
  for (const [name, shape] of Object.entries(members)) {
    const wrong = shape(spec[name]);
    if (wrong === undefined) continue;
    const place = wrong === "" ? name : `${name}.${wrong}`;
    const where = wrong === "" ? spec[name] : (spec[name] as Record<string, unknown>)[wrong];
    return fail(
      `${place} is ${where === undefined ? "missing" : show(where)}, wanted is ${name === "protocol" && wrong !== "" ? "what bn-only train takes" : wanted[name]}.`,
    );
  }
  const checked = spec as unknown as FigureSpec;
  if (figure !== undefined && figure !== checked.figure) {
    return fail(`it is of the figure ${checked.figure}, not ${figure}. Leave one of them out.`);
  }
  return { ...checked, protocol: asTrained(checked.protocol) };
}

/** With the defaults of `bn-only train`, so that its runs have the configurations that are looked for. */
function asTrained({ nesterov, ...others }: Protocol): Protocol {
  return {
    ...others,
    ...(others.optimizer === "sgd" && { momentum: others.momentum ?? paperRecipe.momentum }),
    ...(nesterov && { nesterov }),
  };
}

function assertKnown(
  value: unknown,
  known: object,
  prefix: string,
  fail: (problem: string) => never,
): void {
  const names = Object.keys(known);
  for (const name of Object.keys(Object(value))) {
    if (names.includes(name)) continue;
    fail(`there is no ${prefix}${name}${didYouMean(name, names)} Known are ${names.join(", ")}.`);
  }
}

async function parseYaml(file: string): Promise<unknown> {
  const { load } = await import("js-yaml");
  let contents: string;
  try {
    contents = readRegularFile(file).toString("utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      code === "ENOENT"
        ? `there is no file ${file}. Check --spec.`
        : `${file} cannot be read: ${message}. Check --spec.`,
      { cause },
    );
  }
  try {
    return load(contents);
  } catch (cause) {
    throw new UsageError(
      `${file} is not YAML: ${(cause as Error).message.split("\n")[0]!.replace(/[.:]$/, "")}. Correct it.`,
      { cause },
    );
  }
}

const HEAD = `# Everything that decides a figure of bn-only, and the hash of what came out.
# bn-only reproduce --spec <this file>
`;

/** The YAML of a figure, for `--spec`. */
export async function formatSpec(spec: FigureSpec): Promise<string> {
  const { dump } = await import("js-yaml");
  return HEAD + dump(spec, { lineWidth: 120, noRefs: true, flowLevel: 3 });
}
