import { getHeapStatistics } from "node:v8";

/** Bytes that one execution asked for. */
export interface Allocations {
  start(): void;
  /** The larger of what typed arrays and buffers asked for and what the heap has grown by. */
  stop(): number;
}

type ArrayType = new (...args: never[]) => { readonly byteLength: number };

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
    (globalThis as Record<string, unknown>)[name] = new Proxy(type, {
      construct(target, args: unknown[], newTarget) {
        const array = Reflect.construct(target, args as never[], newTarget) as {
          readonly byteLength: number;
        };
        // A view asks for nothing.
        if (!(args[0] instanceof ArrayBuffer)) counted += array.byteLength;
        return array;
      },
    });
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
