import { useBackend } from "@bn-only/backends";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { constant, DivergedError, evaluate, sgd, train } from "../src/index.ts";
import { setValues } from "../src/set-values.ts";
import { tinyData, tinyNetwork } from "./support/tiny.ts";

afterAll(async () => void (await useBackend("cpu")));

describe.each(["wasm", "cpu"])("on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend, { threads: 1 })));

  test("a run that ends with a parameter that is not finite says which, and the last good step", async () => {
    const network = tinyNetwork();
    const states: number[] = [];
    const run = train({
      network,
      data: { train: tinyData().train },
      epochs: 1,
      batchSize: 50,
      optimizer: sgd({ momentum: 0.9 }),
      schedule: (step) => (step === 1 ? 1e60 : 0.01),
      callbacks: [
        async (event, context) => {
          if (event.event === "step") states.push((await context.state()).step);
        },
      ],
    });
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error).toMatchObject({ step: 2, learningRate: 1e60, lastGoodStep: 1 });
    expect((error as DivergedError).tensor).toMatch(/^(stem|stage|optimizer|head)/);
    expect((error as Error).message).toContain("The last state that was taken is of step 1.");
    expect(states).toEqual([1]);
    network.dispose();
  });

  test("evaluate refuses a loss that is not finite", async () => {
    const network = tinyNetwork();
    const beta = network.parameters.find(({ role }) => role === "bn.beta")!;
    setValues(new Map([[beta, new Float32Array(beta.size).fill(Infinity)]]));
    await expect(evaluate(network, tinyData().test!)).rejects.toThrow(
      /^evaluate: the loss of cifar-resnet-8 on these images is NaN\. Its parameters or running statistics/,
    );
    network.dispose();
  });

  test("a test loss that is not finite ends the run as diverged", async () => {
    const network = tinyNetwork();
    const run = train({ network, data: tinyData(), epochs: 1, schedule: constant(1e10) });
    await expect(run).rejects.toThrow(DivergedError);
    network.dispose();
  });

  test("a state that nobody waits for is of the moment at which it was asked for", async () => {
    const waited: unknown[] = [];
    const loose: Promise<unknown>[] = [];
    const numbers = { train: tinyData().train };
    for (const wait of [true, false]) {
      const fresh = tinyNetwork();
      await train({
        network: fresh,
        data: numbers,
        epochs: 2,
        batchSize: 50,
        callbacks: [
          (event, context) => {
            if (event.event !== "step") return;
            const state = context
              .state()
              .then(({ step, sums, parameters, optimizer, statistics }) => ({
                step,
                sums,
                parameters,
                optimizer,
                statistics,
              }));
            if (!wait) return void loose.push(state);
            return state.then((value) => void waited.push(value));
          },
        ],
      });
      fresh.dispose();
    }
    expect(await Promise.all(loose)).toEqual(waited);
    expect(waited).toHaveLength(4);
  });
});
