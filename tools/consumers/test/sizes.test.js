import { expect, test } from "vitest";
import { sizesOfSmallestPage } from "../src/sizes.js";

/** Kilobytes after gzip; see docs/decisions/2026-11-27-what-a-page-fetches.md. */
const budgets = { page: 140, worker: 143 };

// On the build: `npm run build` first.
test("the smallest page that trains, and its worker, fetch no more than their budgets", async () => {
  const sizes = await sizesOfSmallestPage();
  expect(Object.keys(sizes).toSorted()).toEqual(Object.keys(budgets));
  for (const [part, bytes] of Object.entries(sizes)) {
    expect(bytes / 1000, part).toBeLessThan(budgets[part]);
    // The kernels alone are 26; less than this, and something was not measured.
    expect(bytes / 1000, part).toBeGreaterThan(100);
  }
}, 120_000);
