// The last line of each file is a result; all must be the same but for rounding.
import { readFileSync } from "node:fs";

const [trained, evaluated, pytorch] = process.argv.slice(2).map((file) => {
  const last = readFileSync(file, "utf8").trim().split("\n").at(-1);
  const { testAccuracy, testLoss } = JSON.parse(last);
  console.log(`accuracy ${testAccuracy}, loss ${testLoss} in ${file}`);
  return { testAccuracy, testLoss };
});
const same =
  trained.testAccuracy === evaluated.testAccuracy &&
  trained.testLoss === evaluated.testLoss &&
  // One image of 2,000 may fall on the other side by rounding.
  Math.abs(trained.testAccuracy - pytorch.testAccuracy) < 0.0006 &&
  Math.abs(trained.testLoss - pytorch.testLoss) < 1e-4 * pytorch.testLoss;
if (!same) process.exit(1);
