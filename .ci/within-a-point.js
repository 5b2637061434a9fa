// The last line of each file holds a testAccuracy; they may differ by 0.01, since sums in another
// order lead to other roundings and training amplifies them.
import { readFileSync } from "node:fs";

const accuracies = process.argv.slice(2).map((file) => {
  const last = readFileSync(file, "utf8").trim().split("\n").at(-1);
  return JSON.parse(last).testAccuracy;
});
console.log(`test accuracy: ${accuracies.join(", ")}`);
if (!(Math.max(...accuracies) - Math.min(...accuracies) <= 0.01)) process.exit(1);
