import { backend, ones, zeros } from "@tensorflow/tfjs-core";
import { runOp, softmaxCrossEntropyOp } from "@bn-only/frozen-layers";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../../src/index.ts";
import { tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("webgpu")));

test("a batch of no images gives no logits, and the backend goes on", async () => {
  const network = tinyNetwork();
  const logits = network.predict(zeros([0, 8, 8, 3]));
  expect(logits.shape).toEqual([0, 10]);
  expect([...(await logits.data())]).toEqual([]);
  const some = network.predict(ones([1, 8, 8, 3]));
  expect((await some.data()).every(Number.isFinite)).toBe(true);
  expect((backend() as unknown as { usable: boolean }).usable).toBe(true);
  [logits, some].forEach((used) => used.dispose());
  network.dispose();
});

test("the loss of no images: no hits, an empty gradient", async () => {
  const [logits, labels] = [zeros([0, 3]), zeros([0], "int32")];
  const { correct, gradient, loss } = runOp(softmaxCrossEntropyOp, { logits, labels } as never, {});
  expect([...(await correct.data())]).toEqual([0]);
  expect([...(await gradient.data())]).toEqual([]);
  [logits, labels, correct, gradient, loss].forEach((used) => used.dispose());
});
