// Prints the closing line of CI and exits with 1 if anything failed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [vitestJson, results, testStatus] = process.argv.slice(2);
const lines = (name) => {
  const file = join(results, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
const vitest = existsSync(vitestJson)
  ? JSON.parse(readFileSync(vitestJson, "utf8"))
  : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
const skips = lines("skips");
const failures = lines("failures");
skips.concat(failures).forEach((line) => console.log(line));

// A build, lint or type error stops before the tests and counts as one failure.
const stopped = testStatus !== "0" && vitest.numFailedTests === 0 ? 1 : 0;
const passed = vitest.numPassedTests + lines("passes").length;
const failed = vitest.numFailedTests + failures.length + stopped;
const skipped = vitest.numPendingTests + skips.length;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
