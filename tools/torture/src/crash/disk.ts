import type { Operation } from "../layer/operation.ts";
import type { Tree } from "../tree.ts";
import { CrashFile } from "./file.ts";
import { subsets } from "./subsets.ts";

class Folder {
  /** As programs see it. */
  readonly now = new Map<string, Node>();
  /** What a crash leaves for sure. */
  readonly sure = new Map<string, Node>();
}

type Node = Folder | CrashFile;

/** A change of names in one folder, all of it or nothing: a name and what it stands for, undefined for nothing. */
interface Edit {
  readonly folder: Folder;
  readonly names: readonly (readonly [string, Node | undefined])[];
  /** On disk only if this one is, too. */
  readonly after?: Edit;
}

type Contents = (file: CrashFile) => Uint8Array;

/**
 * A disk that may go down at any time. Bytes of a file are sure once the file was synced, a name once its folder was. What
 * was done since may be there or not, each for itself; a rename within a folder is one change, and one across
 * folders never loses the file: it may be found in both.
 */
export class CrashDisk {
  readonly #root = new Folder();
  #edits: Edit[] = [];
  readonly #files: CrashFile[] = [];

  constructor(template: Tree) {
    const paths = [...template.keys()].sort();
    for (const path of paths) {
      const contents = template.get(path);
      const node = contents === undefined ? new Folder() : this.#file(contents);
      const [folder, name] = this.#parent(path);
      folder.now.set(name, node);
      folder.sure.set(name, node);
    }
  }

  apply(operation: Operation): void {
    const { op, path } = operation;
    const [folder, name] = this.#parent(path);
    switch (op) {
      case "mkdir":
        return this.#edit({ folder, names: [[name, new Folder()]] });
      case "create":
        return this.#edit({ folder, names: [[name, this.#file()]] });
      case "unlink":
      case "rmdir":
        return this.#edit({ folder, names: [[name, undefined]] });
      case "write": {
        const bytes = new Uint8Array(Buffer.from(operation.data, "base64"));
        return this.#fileAt(path).change({ position: operation.position, bytes });
      }
      case "truncate":
        return this.#fileAt(path).change({ size: operation.size });
      case "rename":
        return this.#rename(folder, name, operation.to);
      case "sync": {
        const node = this.#at(path);
        if (node instanceof Folder) this.#syncFolder(node);
        else node.sync();
      }
    }
  }

  /** What the next process finds if this one is killed and the machine stays up. */
  now(): Tree {
    return treeOf(
      this.#root,
      ({ now }) => now,
      (file) => file.now,
    );
  }

  /**
   * What may be there after the machine went down: subsets of the changes of names, and of files what `variants`
   * says, one file at a time, while of the others all is there or all is lost.
   */
  *crashes(): Generator<Tree> {
    const contents = [...this.#contents()];
    for (const edits of subsets(this.#edits)) {
      if (edits.some((edit) => !this.#possible(edit, edits))) continue;
      const names = new Map<Folder, Map<string, Node>>();
      const of = (folder: Folder): Map<string, Node> => {
        if (!names.has(folder)) names.set(folder, new Map(folder.sure));
        return names.get(folder)!;
      };
      for (const edit of edits) apply(of(edit.folder), edit);
      for (const one of contents) yield treeOf(this.#root, of, one);
    }
  }

  *#contents(): Generator<Contents> {
    yield ({ now }) => now;
    yield ({ sure }) => sure;
    for (const dirty of this.#files.filter((file) => file.dirty)) {
      for (const variant of dirty.variants()) {
        yield (file) => (file === dirty ? variant : file.now);
        yield (file) => (file === dirty ? variant : file.sure);
      }
    }
  }

  #possible({ after }: Edit, edits: readonly Edit[]): boolean {
    return after === undefined || edits.includes(after) || !this.#edits.includes(after);
  }

  #rename(folder: Folder, name: string, to: string): void {
    const node = folder.now.get(name)!;
    const [target, targetName] = this.#parent(to);
    const [added, removed] = [[targetName, node] as const, [name, undefined] as const];
    if (target === folder) return this.#edit({ folder, names: [removed, added] });
    const add = { folder: target, names: [added] };
    this.#edit(add);
    this.#edit({ folder, names: [removed], after: add });
  }

  #edit(edit: Edit): void {
    apply(edit.folder.now, edit);
    this.#edits.push(edit);
  }

  #syncFolder(folder: Folder): void {
    for (const edit of this.#edits) if (edit.folder === folder) apply(folder.sure, edit);
    this.#edits = this.#edits.filter((edit) => edit.folder !== folder);
  }

  #file(contents?: Uint8Array): CrashFile {
    const file = new CrashFile(contents);
    this.#files.push(file);
    return file;
  }

  #fileAt(path: string): CrashFile {
    return this.#at(path) as CrashFile;
  }

  #at(path: string): Node {
    if (path === ".") return this.#root;
    const [folder, name] = this.#parent(path);
    const node = folder.now.get(name);
    if (node === undefined)
      throw new Error(`torture: the log speaks of ${path}, which is not there`);
    return node;
  }

  #parent(path: string): [Folder, string] {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? this.#root : this.#at(path.slice(0, slash));
    return [folder as Folder, path.slice(slash + 1)];
  }
}

function apply(names: Map<string, Node>, edit: Edit): void {
  for (const [name, node] of edit.names) {
    if (node === undefined) names.delete(name);
    else names.set(name, node);
  }
}

function treeOf(
  root: Folder,
  namesOf: (folder: Folder) => ReadonlyMap<string, Node>,
  contents: Contents,
): Tree {
  const tree = new Map<string, Uint8Array | undefined>();
  const add = (folder: Folder, prefix: string): void => {
    for (const [name, node] of namesOf(folder)) {
      const path = prefix + name;
      if (node instanceof Folder) {
        tree.set(path, undefined);
        add(node, `${path}/`);
      } else tree.set(path, contents(node));
    }
  };
  add(root, "");
  return tree;
}
