// Prints the closing line of CI and exits with 1 if anything failed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [vitestJson, results, testStatus] = process.argv.slice(2);
const lines = (name) => {
  const file = join(results, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
const others = ["tensorflow.json", "webgpu.json", "playground.json", "site.json"];
const reports = [vitestJson, ...others.map((name) => join(results, name))]
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, "utf8")));
const tests = (count) => reports.reduce((sum, report) => sum + report[count], 0);
const skips = lines("skips");
const failures = lines("failures");
skips.concat(failures).forEach((line) => console.log(line));

// A build, lint or type error stops before the tests and counts as one failure.
const stopped = testStatus !== "0" && tests("numFailedTests") === 0 ? 1 : 0;
const passed = tests("numPassedTests") + lines("passes").length;
const failed = tests("numFailedTests") + failures.length + stopped;
const skipped = tests("numPendingTests") + skips.length;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
