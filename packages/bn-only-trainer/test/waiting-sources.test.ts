import { useBackend } from "@bn-only/backends";
import { beforeAll, describe, expect, test } from "vitest";
import { type BatchSource, evaluate, train, zeroOutputs } from "../src/index.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

beforeAll(async () => void (await useBackend("cpu")));

describe("a source that waits for what never comes", () => {
  const stalled = (closed: () => void): BatchSource => ({
    ...tinyData().train,
    batches: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        async return() {
          closed();
          return { done: true, value: undefined };
        },
      }),
    }),
  });

  test.each(["train", "evaluate", "zeroOutputs"] as const)(
    "%s ends when it is aborted, and closes the source",
    async (reader) => {
      const network = tinyNetwork();
      const controller = new AbortController();
      let closed = 0;
      const data = stalled(() => closed++);
      const { signal } = controller;
      const running = {
        train: () => train({ network, data: { train: data }, signal, epochs: 1 }),
        evaluate: () => evaluate(network, data, { signal }),
        zeroOutputs: () => zeroOutputs(network, data, { signal }),
      }[reader]();
      setTimeout(() => controller.abort(new Error("enough")), 20);
      await expect(running).rejects.toThrow("enough");
      expect(closed).toBe(1);
      network.dispose();
    },
  );

  test("a batch that fails after the abort is nobody's unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", note);
    const network = tinyNetwork();
    const controller = new AbortController();
    const data: BatchSource = {
      ...tinyData().train,
      batches: () => ({
        [Symbol.asyncIterator]: () => ({
          next() {
            controller.abort(new Error("enough"));
            return Promise.reject(new Error("the source stops, too"));
          },
        }),
      }),
    };
    const { signal } = controller;
    await expect(evaluate(network, data, { signal })).rejects.toThrow("enough");
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
    network.dispose();
  });

  test("closing it is not waited for when it hangs, too", async () => {
    const network = tinyNetwork();
    const data: BatchSource = {
      ...tinyData().train,
      async *batches() {
        await new Promise(() => {});
        yield* tinyData().train.batches({ epoch: 0, batchSize: 4 });
      },
    };
    const signal = AbortSignal.timeout(20);
    await expect(evaluate(network, data, { signal })).rejects.toThrow(/timeout/);
    network.dispose();
  });

  test("an error on closing is the reader's only where nothing else went wrong", async () => {
    const network = tinyNetwork();
    const signal = AbortSignal.abort(new Error("before"));
    const data = stalled(() => {
      throw new Error("cannot close");
    });
    await expect(evaluate(network, data, { signal })).rejects.toThrow("before");
    network.dispose();
  });
});
