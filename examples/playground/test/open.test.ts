import { createNetwork } from "@bn-only/resnet-zoo";
import { readModel, saveModel, useBackend } from "@bn-only/trainer";
import { memory } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { encodeModel } from "../src/link/model-link.ts";
import { openLink } from "../src/worker/open.ts";

let link: string;

beforeAll(async () => {
  await useBackend("wasm");
  const network = createNetwork("cifar-resnet-8", { classes: 6, inputShape: [16, 16, 3] });
  const notes = { dataset: "shapes", dataSeed: "3", testSize: "60" };
  link = await encodeModel(readModel(await saveModel(network, notes)), 8);
  network.dispose();
});

afterEach(() => void vi.restoreAllMocks());

test("a link is tested on the shapes that it names", async () => {
  const { network, opened } = await openLink(link);
  expect(opened.tested?.images).toBe(60);
  network.dispose();
});

test("a test that takes too long is left out, and the network is there", async () => {
  const before = memory().numTensors;
  const late = new DOMException("it took too long", "TimeoutError");
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(late));
  const { network, opened } = await openLink(link);
  expect(opened.tested).toBe(undefined);
  expect(opened.classes).toHaveLength(6);
  network.dispose();
  expect(memory().numTensors).toBe(before);
});
