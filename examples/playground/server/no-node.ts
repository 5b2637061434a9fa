import type { Plugin } from "vite";

const STUB = "\0node-only";
/** Backends that no browser has. */
const nodeOnly = /^(@bn-only\/backend-tensorflow|@tensorflow\/tfjs-backend-wasm)(\/|$)/;

/** What is for Node alone is an empty module here: the page never calls it. */
export function noNodeInThePage(): Plugin {
  return {
    name: "no-node",
    enforce: "pre",
    resolveId(id) {
      if (id.startsWith("node:")) return { id: `${STUB}:${id}`, syntheticNamedExports: true };
      return nodeOnly.test(id) ? { id: `${STUB}:${id}`, syntheticNamedExports: true } : undefined;
    },
    load(id) {
      if (!id.startsWith(STUB)) return undefined;
      const name = id.slice(STUB.length + 1);
      if (nodeOnly.test(name)) return `throw new Error("${name} is for Node"); export default {};`;
      return "export default {};";
    },
  };
}
