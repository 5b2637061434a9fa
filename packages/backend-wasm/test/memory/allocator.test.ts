import { assert, array, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { Allocator } from "../../src/memory/allocator.ts";

function unlimited(): Allocator {
  return new Allocator(64, () => {});
}

test("allocate: blocks are aligned, disjoint and reusable, whatever the order", () => {
  const request = record({
    action: constantFrom("take", "give"),
    size: integer({ max: 5000, min: 0 }),
  });
  assert(
    property(array(request, { maxLength: 200 }), (requests) => {
      const allocator = unlimited();
      const live: { start: number; end: number }[] = [];
      let fits = true;
      for (const { action, size } of requests) {
        if (action === "take") {
          const start = allocator.allocate(size);
          const end = start + size;
          fits &&= start % 64 === 0;
          fits &&= live.every((other) => end <= other.start || other.end <= start);
          live.push({ start, end });
        } else if (live.length > 0) {
          allocator.free(live.splice(size % live.length, 1)[0]!.start);
        }
      }
      expect(fits).toBe(true);
      live.forEach(({ start }) => allocator.free(start));
      expect(allocator.bytesInUse).toBe(0);
      // All is one free block again, so the whole fits where it began.
      const { end } = allocator;
      expect(allocator.allocate(end - 64)).toBe(64);
      expect(allocator.end).toBe(Math.max(end, 128));
    }),
  );
});

test("allocate: the smallest block that fits is taken, so that the large ones stay whole", () => {
  const allocator = unlimited();
  const [large, , small] = [1024, 64, 256, 64].map((size) => allocator.allocate(size));
  allocator.free(large!);
  allocator.free(small!);
  expect(allocator.allocate(200)).toBe(small);
  expect(allocator.allocate(1000)).toBe(large);
});

test("allocate: bytes in use and their peak are counted in whole blocks of 64", () => {
  const allocator = unlimited();
  const pointer = allocator.allocate(65);
  allocator.allocate(0);
  expect(allocator.bytesInUse).toBe(192);
  allocator.free(pointer);
  expect([allocator.bytesInUse, allocator.peakBytes]).toEqual([64, 192]);
});

test("free: an address that is no block's is an error", () => {
  const allocator = unlimited();
  const pointer = allocator.allocate(10);
  expect(() => allocator.free(pointer + 64)).toThrow(`free: no block begins at ${pointer + 64}.`);
  allocator.free(pointer);
  expect(() => allocator.free(pointer)).toThrow(RangeError);
});
