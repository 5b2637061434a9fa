// tfjs-core's own tests on bn-wasm, or on the backend that TFJS_SUITE_BACKEND names: `tensorflow` where it is
// installed, `cpu`, on which all of them pass: the tests themselves are right. Each passes, or stands in
// <backend>.not-offered.txt and fails by the name of what is not offered, or in <backend>.foreign.txt, as it fails by
// a kernel that is none of ours. `node run.js --write` writes the first list anew, from failures of that kind only.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import jasmineCore from "jasmine-core";
import { bundleTests } from "./bundle.js";

const NOT_OFFERED = {
  "bn-wasm": /the kernel "\w+" is not supported|complex64 tensors are not supported|to complex64/,
  // What tfjs-node says of its own kernels.
  tensorflow:
    /Kernel '\w+' not registered for backend|supports only 'valid' and 'same' padding|does not support dataFormat/,
};
const backend = process.env.TFJS_SUITE_BACKEND ?? "bn-wasm";
const list = new URL(`./${backend}.not-offered.txt`, import.meta.url);
const notOffered = NOT_OFFERED[backend] ?? /^$/;

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
  failedExpectations.every(({ message }) => notOffered.test(message)),
);
const names = [...new Set(honest.map(({ fullName }) => fullName))].sort();
if (process.argv.includes("--write")) writeFileSync(list, `${names.join("\n")}\n`);

const expected = new Set(linesOf(list));
const foreign = new Set(linesOf(new URL(`./${backend}.foreign.txt`, import.meta.url)));
const others = failed.filter(({ fullName }) => foreign.has(fullName));
const unexpected = failed.filter(
  (result) =>
    !others.includes(result) && !(honest.includes(result) && expected.has(result.fullName)),
);
const stale = [...expected].filter((name) => !names.includes(name));
for (const { fullName, failedExpectations } of unexpected) {
  console.log(`failed: ${fullName}\n  ${failedExpectations[0]?.message.slice(0, 300)}`);
}
for (const name of stale) console.log(`passes, or is gone; take it out of the list: ${name}`);
const tooFew = ran.length < 3000;
if (tooFew) console.log("fewer than 3,000 tests ran: tfjs-core's tests were not found as expected");
console.log(
  `tfjs-core's tests on ${backend}: ${ran.length - failed.length} passed, ${unexpected.length} failed, ` +
    `${honest.length} not offered${others.length > 0 ? `, ${others.length} fail in kernels of others` : ""}`,
);
process.exit(unexpected.length + stale.length > 0 || tooFew ? 1 : 0);

/** None where there is no such list. */
function linesOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}
