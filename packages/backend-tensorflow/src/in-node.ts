// Node's own modules are had by `process.getBuiltinModule` here: an import would keep bundlers from
// building the trainer for browsers.

/** Whether this is Node, or something that has its modules. */
export function inNode(): boolean {
  return typeof globalThis.process?.getBuiltinModule === "function";
}
