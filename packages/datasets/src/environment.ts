import { parts } from "#node";
import { DatasetError } from "./errors.ts";
import type { NodeParts } from "./node/parts.ts";

/** What works in Node only, where there is a disk; undefined in a browser. */
export function nodeParts(): NodeParts | undefined {
  const inNode = typeof process !== "undefined" && process.versions?.node !== undefined;
  return inNode ? parts : undefined;
}

/** @throws DatasetError in a browser */
export function needNode(subject: string): NodeParts {
  const node = nodeParts();
  if (node !== undefined) return node;
  throw new DatasetError(
    `${subject}: expected Node, which has a disk and programs; this is a browser.`,
  );
}

/** An environment variable; undefined in a browser, and where Deno does not permit it. */
export function environment(name: string): string | undefined {
  try {
    return typeof process === "undefined" ? undefined : process.env?.[name];
  } catch {
    return undefined;
  }
}
