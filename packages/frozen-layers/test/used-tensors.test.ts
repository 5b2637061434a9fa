import "@tensorflow/tfjs-backend-cpu";
import { memory, setBackend, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { dense, flatten, Network, sequential, trainingPass } from "../src/index.ts";

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

test("predict after dispose() and everything else names the network's state, and nothing of tfjs", async () => {
  const before = memory().numTensors;
  const net = network();
  net.dispose();
  const images = zeros([1, 2, 2, 3]);
  const gone = "tiny: it was disposed, and its values are gone. Create another network";
  expect(() => net.predict(images)).toThrow(gone);
  expect(images.isDisposed).toBe(false);
  expect(() => net.accept(images)).toThrow(gone);
  expect(() => net.setTrainable("bn")).toThrow(gone);
  expect(() => net.fixStatistics()).toThrow(gone);
  await expect(net.fingerprint()).rejects.toThrow(gone);
  expect(() => net.parameters[0]!.value).toThrow("head/kernel: its network was disposed");
  expect(net.disposed).toBe(true);
  net.dispose();
  images.dispose();
  expect(memory().numTensors).toBe(before);
});

test("a layer that is given a disposed tensor is named by its path", () => {
  const net = network();
  const { head } = net.layer.children;
  const gone = zeros([1, 12]);
  gone.dispose();
  const pass = trainingPass();
  expect(() => head!.forward(gone, pass)).toThrow(
    'dense: input of "head": this tensor was disposed.',
  );
  expect(() => head!.backward(undefined, gone, pass)).toThrow(
    'dense: gradient of the output of "head": this tensor was disposed.',
  );
  expect(() => dense({ inputs: 12, outputs: 2 }).forward(gone, pass)).toThrow(
    "dense: input: this tensor was disposed.",
  );
  net.dispose();
});

test("layers of a disposed network belong to the next one: the first does not speak for them", () => {
  const before = memory().numTensors;
  const layer = sequential({ flat: flatten(), head: dense({ inputs: 12, outputs: 2 }) });
  const definition = { name: "tiny", layer, inputShape: [2, 2, 3], classes: 2 };
  const first = new Network(definition);
  first.dispose();
  const second = new Network(definition, { seed: 1 });
  const images = zeros([1, 2, 2, 3]);
  expect(() => first.predict(images)).toThrow("tiny: it was disposed");
  first.dispose();
  second.predict(images).dispose();
  second.dispose();
  expect(memory().numTensors).toBe(before);
});
