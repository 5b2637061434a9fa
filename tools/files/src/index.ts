// Files that are whole or not there. It is bundled into each package that writes some, so that none depends on
// another for it.

export { cacheFolder } from "./cache-folder.ts";
export { isRunning, machineTag, thisMachine } from "./machine.ts";
export { isTemporaryName, newTemporaryName, ownerOfTemporary } from "./temporary-name.ts";
export { makeFolder, naming, syncFile, syncFolder, writeWhole } from "./write-whole.ts";

export type { Machine } from "./machine.ts";
