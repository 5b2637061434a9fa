interface NodeModules {
  readonly "node:fs": typeof import("node:fs");
  readonly "node:module": typeof import("node:module");
  readonly "node:os": typeof import("node:os");
  readonly "node:path": typeof import("node:path");
  readonly "node:util": typeof import("node:util");
  readonly "node:vm": typeof import("node:vm");
}

/** Whether this is Node, or something that has its modules. */
export function inNode(): boolean {
  return typeof globalThis.process?.getBuiltinModule === "function";
}

/** A module of Node without an import, which would keep bundlers from building for browsers. */
export function nodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] {
  return process.getBuiltinModule(name) as NodeModules[Name];
}
