import {
  argMax,
  cast,
  concat1d,
  memory,
  setBackend,
  square,
  tensor,
  type Tensor1D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { backendName, registerWebgpuBackend } from "../../src/index.ts";

beforeAll(async () => {
  await registerWebgpuBackend();
  await setBackend(backendName);
});

test.each(["int32", "bool"] as const)("%s from the host is converted", async (type) => {
  const before = memory().numTensors;
  const integers = tensor([1, 0, 1, 1, 0], [5], type) as Tensor1D;
  const joined = tidy(() => concat1d([tensor1d([0.5]), cast<Tensor1D>(integers, "float32")]));
  expect([...(await joined.data())]).toEqual([0.5, 1, 0, 1, 1, 0]);
  integers.dispose();
  joined.dispose();
  expect(memory().numTensors).toBe(before);
});

test("what the GPU computed as int32 is converted: classes behind a loss are one read", async () => {
  const rows = 300;
  const logits = tensor2d(
    Float32Array.from({ length: 7 * rows }, (_, i) => (i * 37) % 101),
    [rows, 7],
  );
  const classes = argMax(logits, 1) as Tensor1D;
  const joined = tidy(() => concat1d([tensor1d([1.5]), cast<Tensor1D>(classes, "float32")]));
  const [, ...read] = await joined.data();
  expect(read).toEqual([...(await classes.data())]);
  [logits, classes, joined].forEach((one) => one.dispose());
});

test("tfjs's own shaders read the result, too; an empty one stays empty", async () => {
  const squares = tidy(() => square(cast(argMax(tensor2d([[1, 5, 2]]), 1), "float32")));
  expect([...(await squares.data())]).toEqual([1]);
  const none = tidy(() => cast(tensor1d([], "int32"), "float32"));
  expect(none.dtype).toBe("float32");
  expect([...(await none.data())]).toEqual([]);
});
