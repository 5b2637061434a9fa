import {
  concat,
  memory,
  scalar,
  setBackend,
  split,
  stack,
  type Tensor,
  tensor,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { backendName, registerWebgpuBackend, type WebgpuTrainingBackend } from "../../src/index.ts";

let backend: WebgpuTrainingBackend;
beforeAll(async () => {
  backend = await registerWebgpuBackend();
  await setBackend(backendName);
});

const numbers = (count: number, first = 0) =>
  tensor1d(Float32Array.from({ length: count }, (_, i) => first + i));

/** What it gives, how many dispatches that takes, and that no tensor is left. */
async function run(make: () => { given: Tensor[]; used: Tensor[] }) {
  const before = memory().numTensors;
  const { dispatches } = backend.counts;
  const { given, used } = make();
  const results = await Promise.all(given.map((one) => one.array()));
  [...given, ...used].forEach((one) => one.dispose());
  expect(memory().numTensors).toBe(before);
  return { results, dispatches: backend.counts.dispatches - dispatches };
}

test("concat of vectors, an empty one among them, is copies", async () => {
  const { results, dispatches } = await run(() => {
    const used = [numbers(3), tensor1d([], "float32"), numbers(1, 7), numbers(20, 100)];
    return { given: [concat(used)], used };
  });
  expect(results).toEqual([[0, 1, 2, 7, ...Array.from({ length: 20 }, (_, i) => 100 + i)]]);
  expect(dispatches).toBe(0);
});

test("split of a vector is copies", async () => {
  const { results, dispatches } = await run(() => {
    const used = [numbers(9)];
    return { given: split(used[0]!, [2, 0, 6, 1]), used };
  });
  expect(results).toEqual([[0, 1], [], [2, 3, 4, 5, 6, 7], [8]]);
  expect(dispatches).toBe(0);
});

test("stack of scalars, int32 too, is copies", async () => {
  const { results, dispatches } = await run(() => {
    const used = [scalar(3, "int32"), scalar(5, "int32")];
    return { given: [stack(used)], used };
  });
  expect(results).toEqual([[3, 5]]);
  expect(dispatches).toBe(0);
});

test("what is no vector goes to tfjs's kernels", async () => {
  const { results } = await run(() => {
    const used = [tensor([[1], [2]]), tensor([[3], [4]])];
    const joined = concat(used, 1);
    return { given: [...split(joined, 2, 1), stack(used)], used: [...used, joined] };
  });
  expect(results).toEqual([
    [[1], [2]],
    [[3], [4]],
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ]);
});
