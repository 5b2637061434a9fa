import { backend } from "@tensorflow/tfjs-core";
import { expect, test, vi } from "vitest";
import { Learner, sgd, useBackend } from "../src/index.ts";
import { captureTensors } from "../src/state/capture.ts";
import { tinyNetwork } from "./support/tiny.ts";

test("a state whose reads fail, every one of them, is one error and leaves no rejection alone", async () => {
  await useBackend("wasm");
  const network = tinyNetwork();
  network.setTrainable("bn");
  const learner = Learner.of(network, sgd());
  const read = vi.spyOn(backend() as unknown as { read(): Promise<never> }, "read");
  read.mockImplementation(async () => {
    throw new Error("the GPU was lost");
  });
  // vitest fails for rejections that nobody handles.
  await expect(captureTensors(network, learner)).rejects.toThrow("the GPU was lost");
  read.mockRestore();
  learner!.dispose();
  network.dispose();
});
