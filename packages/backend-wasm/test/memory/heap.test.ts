import { expect, test, vi } from "vitest";
import { OutOfMemoryError } from "../../src/errors.ts";
import { Heap } from "../../src/memory/heap.ts";

test.each([true, false])("heap: values survive that the memory grows, shared %s", (shared) => {
  const heap = new Heap({ shared });
  const pointer = heap.allocate(16);
  heap.float32(pointer, 4).set([1, 2, 3, 4]);
  const size = heap.byteLength;
  heap.allocate(10 * 2 ** 20);
  expect(heap.byteLength).toBeGreaterThan(size);
  expect([...heap.float32(pointer, 4)]).toEqual([1, 2, 3, 4]);
});

test("heap: at its limit it says what was wanted, what there is and what to do", () => {
  const heap = new Heap({ shared: false, maximumPages: 32 });
  heap.allocate(2 ** 20);
  const size = heap.byteLength;
  expect(() => heap.allocate(1.5 * 2 ** 20)).toThrow(OutOfMemoryError);
  expect(() => heap.allocate(1.5 * 2 ** 20)).toThrow(
    "memory: 1.5 MiB more do not fit; 1.0 MiB are in use, the limit is 2.0 MiB. " +
      "Use a smaller batch, or checkpointed blocks.",
  );
  expect([heap.byteLength, heap.bytesInUse]).toEqual([size, 2 ** 20]);
  heap.allocate(2 ** 19);
});

test("heap: addresses above 2 GiB work", () => {
  const heap = new Heap({ shared: true });
  heap.allocate(2 ** 31);
  const pointer = heap.allocate(64);
  expect(pointer).toBeGreaterThan(2 ** 31);
  heap.int32(pointer, 1)[0] = 7;
  expect(heap.int32(pointer, 1)[0]).toBe(7);
});

test("heap: takes what there is where 4 GiB of addresses are too many", () => {
  const { Memory } = WebAssembly;
  vi.spyOn(WebAssembly, "Memory").mockImplementation(function limited(descriptor) {
    if (descriptor.maximum! > 16384) throw new RangeError("could not allocate memory");
    return new Memory(descriptor);
  });
  const heap = new Heap({ shared: true });
  vi.restoreAllMocks();
  expect(() => heap.allocate(2 ** 30)).toThrow("the limit is 1024.0 MiB");
});
