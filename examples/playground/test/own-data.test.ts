import { expect, test } from "vitest";
import { defaults } from "../src/settings.ts";
import { DataError, loadData } from "../src/worker/load-data.ts";

const side = 16;

function load(classes: readonly string[]): Promise<unknown> {
  const labels = Uint8Array.from({ length: 5 * classes.length }, (_, i) => Math.floor(i / 5));
  const images = new Uint8Array(labels.length * side * side * 3);
  const own = { side, classes, images, labels };
  return loadData({ ...defaults, data: "own", side }, { own }, () => {});
}

test("images of one's own: two classes of one name are told", async () => {
  await expect(load(["cat", "dog", "cat"])).rejects.toThrow(DataError);
  await expect(load(["cat", "dog", "cat"])).rejects.toThrow(
    "Two classes are called “cat”. Give each a name of its own, or put their images into one.",
  );
  await load(["cat", "dog"]);
});
