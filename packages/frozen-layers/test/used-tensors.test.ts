import "@tensorflow/tfjs-backend-cpu";
import { memory, setBackend, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { dense, flatten, Network, sequential } from "../src/index.ts";

beforeAll(() => setBackend("cpu"));

function network(): Network {
  const layer = sequential({ flat: flatten(), head: dense({ inputs: 12, outputs: 2 }) });
  return new Network({ name: "tiny", layer, inputShape: [2, 2, 3], classes: 2 });
}

test("predict twice with one tensor says that the first call has disposed it", () => {
  const before = memory().numTensors;
  const net = network();
  const images = zeros([1, 2, 2, 3]);
  net.predict(images).dispose();
  expect(() => net.predict(images)).toThrow(
    "tiny: images: this tensor was disposed. What takes ownership of a tensor, as predict does, disposes it: pass a clone() to keep it.",
  );
  net.dispose();
  expect(memory().numTensors).toBe(before);
});

test("predict after dispose() names the network's state, and nothing of tfjs", () => {
  const before = memory().numTensors;
  const net = network();
  net.dispose();
  const images = zeros([1, 2, 2, 3]);
  expect(() => net.predict(images)).toThrow("head/kernel: its network was disposed. Build another");
  images.dispose();
  expect(memory().numTensors).toBe(before);
});
