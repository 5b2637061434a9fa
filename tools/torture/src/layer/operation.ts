/**
 * One change that a program makes inside the watched folder. Paths are relative to it, and those of open files
 * follow renames.
 */
export type Operation =
  | { readonly op: "mkdir"; readonly path: string }
  | { readonly op: "create"; readonly path: string }
  | {
      readonly op: "write";
      readonly path: string;
      readonly position: number;
      /** Base64. */
      readonly data: string;
    }
  | { readonly op: "truncate"; readonly path: string; readonly size: number }
  /** fsync, of a file or of a folder. */
  | { readonly op: "sync"; readonly path: string }
  | { readonly op: "rename"; readonly path: string; readonly to: string }
  | { readonly op: "unlink"; readonly path: string }
  | { readonly op: "rmdir"; readonly path: string };

export interface Watcher {
  /**
   * Told before each operation; may throw, or end the process.
   *
   * @returns of a write: how many of its bytes the disk takes; all of them by default
   */
  before(operation: Operation): number | void;
  /** Told when the first half of a write is in the file. */
  halfway(operation: Operation): void;
  /** Told of what was done. */
  after(operation: Operation): void;
}

/** Short, for people: names of temporary files without their random part. */
export function describeOperation(operation: Operation): string {
  const to = operation.op === "rename" ? ` to ${operation.to}` : "";
  const bytes =
    operation.op === "write" ? ` (${Buffer.from(operation.data, "base64").length} bytes)` : "";
  return withoutIds(`${operation.op} ${operation.path}${to}${bytes}`);
}

const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Random names are others in every run. */
export function withoutIds(text: string): string {
  return text.replaceAll(ID, "*");
}
