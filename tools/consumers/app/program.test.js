import { writeFileSync } from "node:fs";
import { trainSmall } from "./train.js";

// In jest, which makes one text of all that a test says.
test("it trains", async () => {
  const outcome = await trainSmall();
  expect(outcome.hash).toHaveLength(12);
  writeFileSync("outcome.json", JSON.stringify(outcome));
});
