import { setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import {
  batchNorm,
  conv2d,
  globalAveragePool,
  observeOps,
  prepareFilterOp,
  sequential,
} from "../../src/index.ts";
import { randomTensor, tinyNetwork, useCpu } from "../support/tiny.ts";

beforeAll(useCpu);

test("another backend prepares filters of its own, and the stand-ins of gamma and beta move with it", async () => {
  const net = tinyNetwork(
    sequential({
      conv: conv2d({ inputChannels: 3, outputChannels: 4 }),
      bn: batchNorm(4, { affine: "none" }),
      pool: globalAveragePool(),
    }),
    [6, 6, 3],
  );
  const prepared: string[] = [];
  const stop = observeOps(({ op, backend }) => {
    if (op.name === prepareFilterOp.name) prepared.push(backend);
  });
  const logits = (): Float32Array => {
    const output = net.predict(randomTensor("images", [2, 6, 6, 3]));
    const values = output.dataSync<"float32">();
    output.dispose();
    return values;
  };
  const onCpu = logits();
  logits();
  await setBackend("wasm");
  const onWasm = logits();
  logits();
  await useCpu();
  logits();
  stop();
  expect(prepared).toEqual(["cpu", "wasm", "cpu"]);
  onWasm.forEach((value, i) => expect(value).toBeCloseTo(onCpu[i]!, 5));
  net.dispose();
});
