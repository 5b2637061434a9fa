// tfjs-core's own tests on bn-wasm: each passes, or stands in not-offered.txt and fails by the name of a
// kernel that is not offered. `node run.js --write` writes that list anew, from failures of that kind only.
// With TFJS_SUITE_BACKEND=cpu all of them pass: the tests themselves are right.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import jasmineCore from "jasmine-core";
import { bundleTests } from "./bundle.js";

const NOT_OFFERED =
  /the kernel "\w+" is not supported|complex64 tensors are not supported|to complex64/;
const backend = process.env.TFJS_SUITE_BACKEND ?? "bn-wasm";
const list = new URL("./not-offered.txt", import.meta.url);

const { folder, outfile } = await bundleTests();
const jasmine = jasmineCore.boot(jasmineCore);
const env = jasmine.getEnv();
env.configure({ random: false });
const results = [];
env.clearReporters();
env.addReporter({ specDone: (result) => void results.push(result) });
try {
  await import(outfile);
  await new Promise((resolve) => {
    env.addReporter({ jasmineDone: resolve });
    env.execute();
  });
} finally {
  rmSync(folder, { recursive: true });
}

const ran = results.filter(({ status }) => status === "passed" || status === "failed");
const failed = ran.filter(({ status }) => status === "failed");
const honest = failed.filter(({ failedExpectations }) =>
  failedExpectations.every(({ message }) => NOT_OFFERED.test(message)),
);
const names = [...new Set(honest.map(({ fullName }) => fullName))].sort();
if (process.argv.includes("--write")) writeFileSync(list, `${names.join("\n")}\n`);

const expected = new Set(
  backend === "bn-wasm" ? readFileSync(list, "utf8").trim().split("\n") : [],
);
const unexpected = failed.filter(
  (result) => !honest.includes(result) || !expected.has(result.fullName),
);
const stale = [...expected].filter((name) => !names.includes(name));
for (const { fullName, failedExpectations } of unexpected) {
  console.log(`failed: ${fullName}\n  ${failedExpectations[0]?.message.slice(0, 300)}`);
}
for (const name of stale)
  console.log(`passes, or is gone; take it out of not-offered.txt: ${name}`);
const tooFew = ran.length < 3000;
if (tooFew) console.log("fewer than 3,000 tests ran: tfjs-core's tests were not found as expected");
console.log(
  `tfjs-core's tests on ${backend}: ${ran.length - failed.length} passed, ${unexpected.length} failed, ` +
    `${honest.length} not offered`,
);
process.exit(unexpected.length + stale.length > 0 || tooFew ? 1 : 0);
