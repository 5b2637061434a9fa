// The last line of each file holds a testAccuracy; all must be the same.
import { readFileSync } from "node:fs";

const accuracies = process.argv.slice(2).map((file) => {
  const last = readFileSync(file, "utf8").trim().split("\n").at(-1);
  return JSON.parse(last).testAccuracy;
});
console.log(`test accuracy when training, from the file, in PyTorch: ${accuracies.join(", ")}`);
const [trained, evaluated, pytorch] = accuracies;
// One image of 2,000 may fall on the other side by rounding.
if (trained !== evaluated || Math.abs(trained - pytorch) > 0.0006) process.exit(1);
