// Node's own modules are had by `process.getBuiltinModule` here: an import would keep bundlers from
// building this for browsers.

/** Whether this is Node, or something that has its modules. */
export function inNode(): boolean {
  return typeof globalThis.process?.getBuiltinModule === "function";
}

/** A variable of the environment; browsers have none, and Deno has to permit it. */
export function environmentVariable(name: string): string | undefined {
  try {
    return globalThis.process?.env?.[name];
  } catch {
    return undefined;
  }
}

/** Of a package as it is seen from here; undefined where it is not, and outside of Node. */
export function packageVersion(name: string): string | undefined {
  if (!inNode()) return undefined;
  try {
    const { createRequire } = process.getBuiltinModule("node:module");
    const { version } = createRequire(import.meta.url)(`${name}/package.json`) as {
      version: string;
    };
    return version;
  } catch {
    return undefined;
  }
}
