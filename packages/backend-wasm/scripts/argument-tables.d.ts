/** Text of assembly/generated/arguments.ts for a package at `root`, which ends with a slash. */
export function argumentTables(root: string): Promise<string>;
