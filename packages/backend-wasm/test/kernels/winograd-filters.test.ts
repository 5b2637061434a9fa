import { expect, test } from "vitest";
import { takesWinograd } from "../../src/kernels/winograd.ts";

const geometry = (channels: number, outputs: number) => ({
  filterShape: [3, 3, channels, outputs] as const,
  stride: 1,
  padding: 1,
  groups: 1,
});

test("Winograd's method takes all 3x3 filters of stride 1 but the widest, whose packed form would fill the memory", () => {
  expect(takesWinograd(geometry(64, 64))).toBe(true);
  expect(takesWinograd(geometry(1024, 1024))).toBe(true);
  expect(takesWinograd(geometry(2048, 2048))).toBe(false);
  expect(takesWinograd({ ...geometry(64, 64), stride: 2 })).toBe(false);
});
