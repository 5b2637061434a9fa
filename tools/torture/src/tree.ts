import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { withoutIds } from "./layer/operation.ts";

/** All that a folder holds, by path: bytes of files, undefined for folders. */
export type Tree = ReadonlyMap<string, Uint8Array | undefined>;

export function readTree(folder: string): Tree {
  const tree = new Map<string, Uint8Array | undefined>();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    tree.set(relative(folder, path), entry.isDirectory() ? undefined : readFileSync(path));
  }
  return tree;
}

/** Makes a folder hold just this. */
export function writeTree(folder: string, tree: Tree): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, contents] of tree) {
    const to = join(folder, path);
    if (contents === undefined) mkdirSync(to, { recursive: true });
    else {
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, contents);
    }
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Equal for trees that differ in random names only. */
export function hashTree(tree: Tree): string {
  const lines = [...tree].map(
    ([path, contents]) => `${withoutIds(path)}\0${contents ? sha256(contents) : "folder"}`,
  );
  return sha256(Buffer.from(lines.sort().join("\n")));
}
