import { getBackend, removeBackend } from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import { type BackendCandidate, BackendError, useBackend } from "../src/index.ts";

afterEach(async () => void (await useBackend("cpu")));

/** The cpu backend under a name of its own; counts how often it is being prepared at once. */
function counted(name: string): BackendCandidate & { most: number } {
  let now = 0;
  const candidate = {
    name,
    couldWin: false,
    most: 0,
    summary: () => "for the test",
    async prepare() {
      candidate.most = Math.max(candidate.most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return "cpu";
    },
  };
  return candidate;
}

test("two calls at once have their turns", async () => {
  await useBackend("cpu");
  const candidate = counted("counted");
  const options = { candidates: [candidate] };
  await Promise.all([useBackend("counted", options), useBackend("counted", options)]);
  expect(candidate.most).toBe(1);
});

test("wasm twice at once is one backend, and the last of two names is selected", async () => {
  const both = await Promise.all([
    useBackend("wasm", { threads: 2 }),
    useBackend("wasm", { threads: 2 }),
  ]);
  expect(both.map(({ name }) => name)).toEqual(["wasm", "wasm"]);
  await Promise.all([useBackend("wasm", { threads: 2 }), useBackend("cpu")]);
  expect(getBackend()).toBe("cpu");
  await Promise.all([useBackend("cpu"), useBackend("wasm", { threads: 2 })]);
  expect(getBackend()).toBe("bn-wasm");
  removeBackend("bn-wasm");
});

test("a call that fails is no hindrance to the next, and leaves what was selected", async () => {
  await useBackend("cpu");
  const failing = { ...counted("failing"), prepare: () => Promise.reject(new Error("no")) };
  const [first, second] = await Promise.allSettled([
    useBackend("failing", { candidates: [failing] }),
    useBackend("wasm", { threads: 1 }),
  ]);
  expect(first).toMatchObject({ status: "rejected" });
  expect((first as PromiseRejectedResult).reason).toBeInstanceOf(BackendError);
  expect(second).toMatchObject({ status: "fulfilled", value: { name: "wasm" } });
  await expect(useBackend("failing", { candidates: [failing] })).rejects.toThrow("failing: no");
  expect(getBackend()).toBe("bn-wasm");
});
