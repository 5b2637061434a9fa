import { expect, test } from "vitest";
import { dense, Network } from "../src/index.ts";

test("a network without any backend says what to call", () => {
  const layer = dense({ inputs: 3, outputs: 2 });
  const make = () => new Network({ name: "tiny", layer, inputShape: [3], classes: 2 });
  expect(make).toThrow('there is no backend to compute with. Call "await useBackend()"');
});
