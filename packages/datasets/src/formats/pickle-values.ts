/** A value in a pickle. Text of Python 2 is bytes, which are given as they are. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | NumpyArray
  | PickleGlobal
  | PickleValue[]
  | Map<string, PickleValue>;

/** Something that a pickle names, of which only a few are known. Nothing is ever imported or run. */
export class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A numpy array of unsigned bytes, in C order. */
export class NumpyArray {
  shape: readonly number[] = [];
  values: Uint8Array = new Uint8Array(0);
}
