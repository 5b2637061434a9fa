import { expect, test } from "vitest";
import { trainingPass } from "../../src/index.ts";

test("trainingPass: a field that is given as undefined is as if it were not given", () => {
  const names = Object.keys(trainingPass());
  const given = Object.fromEntries(names.map((name) => [name, undefined]));
  expect(trainingPass(given)).toEqual(trainingPass());
});

test.each([
  [{ statistics: "moving" }, /statistics "moving" does not exist/],
  [{ record: 1 }, /record must be true or false, got 1/],
  [{ gradients: {} }, /gradients must be a Map of tensors/],
])("trainingPass: %j is refused", (changes, message) => {
  expect(() => trainingPass(changes as never)).toThrow(message);
});
