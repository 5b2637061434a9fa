import { FormatError } from "../errors.ts";

/** Reads numbers, bytes and text one after another, never beyond the end. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;
  #at = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#file = file;
  }

  uint(width: 1 | 2 | 4): number {
    const at = this.#take(width);
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A length of eight bytes. */
  long(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** A view of the file. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  /** Up to the end of the line, which is stepped over. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end === -1 || end - this.#at > 200) throw this.#cut();
    const line = this.text(end - this.#at);
    this.#at++;
    return line;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw this.#cut();
    this.#at += length;
    return at;
  }

  #cut(): FormatError {
    return new FormatError(this.#file, "expected a whole pickle, got one that is cut off.");
  }
}
