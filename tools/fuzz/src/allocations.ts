import { getHeapStatistics } from "node:v8";

/** Bytes that one execution asked for. */
export interface Allocations {
  start(): void;
  /**
   * The larger of what typed arrays and buffers asked for, whether or not they are still there, and what the heap has
   * grown by. Garbage on the heap counts until it is collected, so that a peak is rarely missed, and never twice alike.
   */
  stop(): number;
}

type ArrayType = (new (...args: unknown[]) => { readonly byteLength: number }) & object;

const arrayTypes = [
  "ArrayBuffer",
  "SharedArrayBuffer",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int8Array",
  "Uint16Array",
  "Int16Array",
  "Uint32Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

/** Replaces the constructors of this thread by ones that count. */
export function countAllocations(): Allocations {
  let counted = 0;
  for (const name of arrayTypes) {
    const type = globalThis[name] as unknown as ArrayType;
    function Counting(...args: unknown[]): object {
      const array =
        new.target === (Counting as unknown)
          ? new type(...args)
          : (Reflect.construct(type, args, new.target) as InstanceType<ArrayType>);
      // A view asks for nothing.
      const isView = args[0] instanceof ArrayBuffer || args[0] instanceof SharedArrayBuffer;
      if (!isView) counted += array.byteLength;
      return array;
    }
    // So that arrays are instances of either, and `Uint8Array.from` is there.
    Counting.prototype = type.prototype as object;
    Object.setPrototypeOf(Counting, type);
    (globalThis as Record<string, unknown>)[name] = Counting;
  }
  for (const name of ["alloc", "allocUnsafe", "allocUnsafeSlow"] as const) {
    const original = Buffer[name].bind(Buffer) as (...args: unknown[]) => Buffer;
    (Buffer as unknown as Record<string, unknown>)[name] = (...args: unknown[]): Buffer => {
      const buffer = original(...args);
      counted += buffer.length;
      return buffer;
    };
  }
  let heap = 0;
  const inUse = (): number => {
    const { used_heap_size: used, external_memory: outside } = getHeapStatistics();
    return used + outside;
  };
  return {
    start() {
      counted = 0;
      heap = inUse();
    },
    stop: () => Math.max(counted, inUse() - heap),
  };
}
