import { type Rank, removeBackend, setBackend, tensor, zeros } from "@tensorflow/tfjs-core";
import {
  activationOp,
  conv2dInputGradientOp,
  conv2dOp,
  OutOfMemoryError,
  prepareFilterOp,
  runOp,
} from "@bn-only/frozen-layers";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  backendName,
  DeviceLostError,
  registerWebgpuBackend,
  WebgpuError,
  type WebgpuTrainingBackend,
} from "../../src/index.ts";

let backend: WebgpuTrainingBackend;
beforeEach(async () => {
  backend = await registerWebgpuBackend();
  await setBackend(backendName);
});
afterEach(() => removeBackend(backendName));

test("registerWebgpuBackend: a second one is an error", async () => {
  await expect(registerWebgpuBackend()).rejects.toThrow(
    'registerWebgpuBackend: "bn-webgpu" is registered already. Call tf.removeBackend("bn-webgpu") first.',
  );
});

test("dataSync: what is on the GPU has to be awaited", async () => {
  const input = tensor([-1, 2]);
  const { output } = runOp(activationOp, { input }, { kind: "relu" });
  expect(() => output.dataSync()).toThrow(WebgpuError);
  expect(() => output.dataSync()).toThrow("Use `await tensor.data()`");
  expect([...(await output.data())]).toEqual([0, 2]);
  expect([...output.dataSync()]).toEqual([0, 2]);
  output.dispose();
});

test("a tensor larger than a buffer is an OutOfMemoryError before anything is taken", () => {
  const most = backend.device.limits.maxStorageBufferBindingSize;
  const before = backend.memory().numBytesInGPU;
  expect(() => backend.allocate([most / 4 + 1])).toThrow(
    `A tensor [${most / 4 + 1}] of ${most + 4} bytes is larger than the ${most} bytes that a buffer of this GPU may have.`,
  );
  expect(backend.memory().numBytesInGPU).toBe(before);
});

test("memory that the driver does not give: the next kernel and the next read say so", async () => {
  const input = tensor([1, 2, 3]);
  const { output } = runOp(activationOp, { input }, { kind: "relu" });
  const error = new GPUOutOfMemoryError("no memory for a buffer of 1 GiB");
  backend.device.dispatchEvent(
    Object.assign(new Event("uncapturederror", { cancelable: true }), { error }),
  );
  const message =
    "The GPU has no memory left (no memory for a buffer of 1 GiB). Select the backend again and use a smaller batch";
  await expect(output.data()).rejects.toThrow(message);
  const again = zeros([1]);
  expect(() => runOp(activationOp, { input: again }, { kind: "relu" })).toThrow(message);
  expect(backend.usable).toBe(false);
  [output, again].forEach((used) => used.dispose());
});

test("a kernel that throws gives back what it had allocated", () => {
  const before = backend.memory().numBytesInGPU;
  const failing = () =>
    backend.owning(() => {
      backend.allocate([1024]);
      throw new OutOfMemoryError("made up");
    });
  expect(failing).toThrow("made up");
  expect(backend.memory().numBytesInGPU).toBe(before);
});

test("a command that WebGPU refuses is thrown by the next read, with its reason", async () => {
  const input = tensor([1, 2, 3]);
  const { output } = runOp(activationOp, { input }, { kind: "relu" });
  backend.device.createBuffer({
    size: 16,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE,
  });
  await expect(output.data()).rejects.toThrow("WebGPU refused a command");
  expect(backend.usable).toBe(false);
  const again = zeros([1]);
  expect(() => runOp(activationOp, { input: again }, { kind: "relu" })).toThrow(WebgpuError);
  [output, again].forEach((used) => used.dispose());
});

test("a device that is lost ends in a DeviceLostError, in kernels and in reads", async () => {
  const input = tensor([1, 2, 3]);
  const { output } = runOp(activationOp, { input }, { kind: "relu" });
  backend.device.destroy();
  await expect(output.data()).rejects.toThrow(DeviceLostError);
  await expect(output.data()).rejects.toThrow(
    "The GPU was lost (device was destroyed), and all tensors on it. Select the backend again and go on from the last checkpoint",
  );
  output.dispose();
});

test("registerWebgpuBackend, twice at once: one is refused", async () => {
  removeBackend(backendName);
  const results = await Promise.allSettled([registerWebgpuBackend(), registerWebgpuBackend()]);
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("a filter that was prepared for something else is refused, not read past its end", () => {
  const geometry = { filterShape: [3, 3, 4, 8], stride: 1, padding: 1, groups: 1 } as const;
  const filter = zeros<Rank.R4>([3, 3, 4, 8]);
  const { prepared } = runOp(prepareFilterOp, { filter }, geometry);
  const [input, outputGradient] = [zeros([1, 8, 8, 4]), zeros([1, 8, 8, 8])];
  const message =
    /: expected a filter that was prepared for \[3,3,4,8\], \[9,[48],[48]\] here, got \[[\d,]+\]\. Prepare it on this backend\.$/;
  const attributes = { ...geometry, inputShape: [1, 8, 8, 4] } as const;
  expect(() => runOp(conv2dInputGradientOp, { outputGradient, prepared }, attributes)).toThrow(
    message,
  );
  expect(() => runOp(conv2dOp, { input, prepared: zeros([4]) }, geometry)).toThrow(message);
});
