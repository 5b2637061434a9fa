import { pathToFileURL } from "node:url";
import { listDatasets } from "@bn-only/datasets";
import { architectures as knownArchitectures } from "@bn-only/resnet-zoo";
import { backendNames } from "@bn-only/trainer";
import { UsageError } from "../errors.ts";
import { noPlugins, type Plugins } from "./plugins.ts";
import { resolvePlugin } from "./resolve.ts";

const kinds = ["architectures", "datasets", "backends"] as const;

type Kind = (typeof kinds)[number];

/** How an export of each kind is recognised, and what it is called by. */
const rules: Readonly<
  Record<Kind, { readonly expected: string; nameOf(value: unknown): unknown }>
> = {
  architectures: {
    expected:
      "Architecture values of @bn-only/resnet-zoo (family, parse, build, defaults, published)",
    nameOf: (value) =>
      isMade(value, "parse", "build") &&
      isMade(value["defaults"]) &&
      Array.isArray(value["published"]) &&
      value["family"],
  },
  datasets: {
    expected: "definitions of @bn-only/datasets (info with name and shape, load)",
    nameOf: (value) =>
      isMade(value, "load") &&
      isMade(value["info"]) &&
      Array.isArray(value["info"]["shape"]) &&
      value["info"]["name"],
  },
  backends: {
    expected: "backend candidates of @bn-only/backends (name, prepare)",
    nameOf: (value) => isMade(value, "prepare") && value["name"],
  },
};

/**
 * Imports modules that bring architectures, data sets or backends, and so runs their code: only
 * modules that the user named himself.
 *
 * @param folder where packages and relative paths are looked up
 * @throws UsageError for a module that cannot be found, has nothing of use, or brings a name that is taken.
 */
export async function loadPlugins(
  modules: readonly string[] = [],
  folder: string = process.cwd(),
): Promise<Plugins> {
  let plugins: Plugins = { ...noPlugins, modules };
  const taken = namesInUse();
  for (const module of modules) {
    const exports = await importPlugin(module, folder);
    const found = kinds.filter((kind) => exportOf(exports, kind) !== undefined);
    if (found.length === 0) {
      throw new UsageError(
        `--plugin ${module} exports none of ${kinds.join(", ")}. Export at least one of these arrays.`,
      );
    }
    for (const kind of found) {
      const values = checkExport(module, kind, exportOf(exports, kind), taken);
      plugins = { ...plugins, [kind]: [...plugins[kind], ...values] };
    }
  }
  return plugins;
}

/** Of a CommonJS module Node finds the names of some exports, and has all of them in `default`. */
function exportOf(exports: Record<string, unknown>, kind: Kind): unknown {
  return (
    exports[kind] ?? (exports["default"] as Record<string, unknown> | undefined | null)?.[kind]
  );
}

/** Who has which name, by kind. */
function namesInUse(): Record<Kind, Map<unknown, string>> {
  const own = (names: readonly string[]) => new Map(names.map((name) => [name, "bn-only itself"]));
  return {
    architectures: own(knownArchitectures().map(({ family }) => family)),
    datasets: own(listDatasets().map(({ name }) => name)),
    backends: own(backendNames),
  };
}

function checkExport(
  module: string,
  kind: Kind,
  values: unknown,
  taken: Record<Kind, Map<unknown, string>>,
): readonly unknown[] {
  const { expected, nameOf } = rules[kind];
  const names = Array.isArray(values) ? values.map(nameOf) : [];
  if (names.length === 0 || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new UsageError(
      `--plugin ${module}: expected its export "${kind}" to be an array of ${expected}, got something else.`,
    );
  }
  for (const name of names) {
    const owner = taken[kind].get(name);
    if (owner !== undefined) {
      throw new UsageError(
        `--plugin ${module}: its export "${kind}" has "${String(name)}", which ${owner} has already. Rename it there.`,
      );
    }
    taken[kind].set(name, `--plugin ${module}`);
  }
  return values as readonly unknown[];
}

async function importPlugin(module: string, folder: string): Promise<Record<string, unknown>> {
  let file: string;
  try {
    file = resolvePlugin(module, folder);
  } catch (cause) {
    throw new UsageError(
      `--plugin ${module} cannot be found from ${folder} (${reasonOf(cause)}). ` +
        `Install the package there, or give the path of a file, such as ./plugin.js.`,
      { cause },
    );
  }
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`--plugin ${module}: ${file} cannot be loaded (${reasonOf(cause)}).`, {
      cause,
    });
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.trim();
}

/** An object that has these methods. */
function isMade(value: unknown, ...methods: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}
