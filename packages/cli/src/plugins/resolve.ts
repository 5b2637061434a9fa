import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** Whether a plugin is named by a path and not as a package. */
function isPath(module: string): boolean {
  return /^\.{0,2}[/\\]/.test(module) || module === "." || isAbsolute(module);
}

/**
 * The file that a plugin's name stands for: a path as it is, a package as Node resolves it for a
 * module in `folder`.
 *
 * @throws Error when there is none.
 */
export function resolvePlugin(module: string, folder: string): string {
  if (isPath(module)) {
    const file = resolve(folder, module);
    if (existsSync(file)) return createRequire(join(folder, "plugin")).resolve(file);
    throw new Error(`there is no file ${file}`);
  }
  const require = createRequire(join(folder, "plugin"));
  try {
    return require.resolve(module);
  } catch (error) {
    // `require.resolve` does not see what a package exports to `import` alone.
    const file = importedFile(module, require.resolve.paths(module) ?? []);
    if (file !== undefined) return file;
    throw error;
  }
}

/** The file that a package exports under the conditions of `import`. */
function importedFile(module: string, folders: readonly string[]): string | undefined {
  const [, name, path] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(module) ?? [];
  const manifest = folders
    .map((folder) => join(folder, name ?? module, "package.json"))
    .find((file) => existsSync(file));
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { exports?: unknown };
  const subpaths = isSubpaths(exports) ? exports : { ".": exports };
  const target = targetOf(subpaths[`.${path ?? ""}`]);
  return target === undefined ? undefined : join(dirname(manifest), target);
}

function isSubpaths(exports: unknown): exports is Record<string, unknown> {
  if (typeof exports !== "object" || exports === null) return false;
  return Object.keys(exports).some((key) => key.startsWith("."));
}

function targetOf(entry: unknown): string | undefined {
  if (typeof entry === "string") return entry;
  if (typeof entry !== "object" || entry === null) return undefined;
  const conditions = entry as Record<string, unknown>;
  return ["node", "import", "default"].map((name) => targetOf(conditions[name])).find(Boolean);
}
