import { subsets } from "./subsets.ts";

/** A write, or a cut to a size. */
export type Change =
  | { readonly position: number; readonly bytes: Uint8Array }
  | { readonly size: number };

/** The contents of a file: what was synced, and what was done since. */
export class CrashFile {
  #sure: Uint8Array;
  #changes: Change[] = [];
  #now: Uint8Array;

  constructor(sure: Uint8Array = new Uint8Array()) {
    this.#sure = sure;
    this.#now = sure;
  }

  /** As programs see it. */
  get now(): Uint8Array {
    return this.#now;
  }

  /** What a crash leaves at the least. */
  get sure(): Uint8Array {
    return this.#sure;
  }

  get dirty(): boolean {
    return this.#changes.length > 0;
  }

  change(change: Change): void {
    this.#changes.push(change);
    this.#now = changed(this.#now, change);
  }

  sync(): void {
    this.#sure = this.#now;
    this.#changes = [];
  }

  /**
   * What a crash may leave: any subset of the changes since the last sync, the same with half of the last write, and
   * zeros of the new length, where the disk knew the size but had none of the bytes.
   */
  *variants(): Generator<Uint8Array> {
    for (const some of subsets(this.#changes)) {
      yield some.reduce(changed, this.#sure);
      const last = some.at(-1);
      if (last === undefined || !("bytes" in last) || last.bytes.length < 2) continue;
      const half = { ...last, bytes: last.bytes.subarray(0, last.bytes.length >> 1) };
      yield [...some.slice(0, -1), half].reduce(changed, this.#sure);
    }
    const zeros = new Uint8Array(this.#now.length);
    zeros.set(this.#sure.subarray(0, zeros.length));
    yield zeros;
  }
}

/** A write behind the end leaves zeros in between. */
function changed(contents: Uint8Array, change: Change): Uint8Array {
  if ("size" in change) {
    const cut = new Uint8Array(change.size);
    cut.set(contents.subarray(0, change.size));
    return cut;
  }
  const { position, bytes } = change;
  const after = new Uint8Array(Math.max(contents.length, position + bytes.length));
  after.set(contents);
  after.set(bytes, position);
  return after;
}
