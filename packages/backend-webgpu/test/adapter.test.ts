import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, expect, test, vi } from "vitest";
import { DeviceLostError, OutOfMemoryError, WebgpuError } from "../src/errors.ts";
import { describeAdapter, requestAdapter } from "../src/device/adapter.ts";
import { Failure } from "../src/device/failure.ts";

afterEach(() => vi.unstubAllGlobals());

const adapter = (info: object) =>
  ({
    info: { vendor: "", architecture: "", device: "", description: "", ...info },
  }) as unknown as GPUAdapter;

test.each([
  [
    { vendor: "nvidia", architecture: "hopper", description: "NVIDIA H100" },
    { name: "NVIDIA H100 (nvidia, hopper)", software: false },
  ],
  [{ vendor: "apple" }, { name: "apple", software: false }],
  [{}, { name: "a GPU without a name", software: false }],
  [
    { vendor: "google", architecture: "swiftshader", description: "SwiftShader driver 5.0.0" },
    { name: "SwiftShader driver 5.0.0 (google, swiftshader)", software: true },
  ],
  [{ description: "llvmpipe (LLVM 15.0.6)" }, { name: "llvmpipe (LLVM 15.0.6)", software: true }],
  [
    { vendor: "x", isFallbackAdapter: true },
    { name: "x", software: true },
  ],
])("describeAdapter: %j", (info, description) => {
  expect(describeAdapter(adapter(info))).toEqual(description);
});

test("requestAdapter: WebGPU without an adapter says what a driver needs", async () => {
  vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => null } });
  await expect(requestAdapter()).rejects.toThrow(WebgpuError);
  await expect(requestAdapter()).rejects.toThrow(
    "there is WebGPU, but it finds no GPU: a driver for Vulkan, Metal or Direct3D 12 is needed",
  );
});

test("requestAdapter: in a browser it names the flag, and where the browser tells more", async () => {
  vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => null } });
  vi.stubGlobal("process", undefined);
  await expect(requestAdapter()).rejects.toThrow(
    "it finds no GPU: Chromium on Linux needs --enable-unsafe-webgpu; elsewhere chrome://gpu says what is missing",
  );
});

test("requestAdapter: a page that is not secure says so", async () => {
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("isSecureContext", false);
  await expect(requestAdapter()).rejects.toThrow(
    "browsers have WebGPU on secure pages only; serve this one over https or from localhost",
  );
});

test("requestAdapter: a browser without WebGPU names those that have it", async () => {
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("process", undefined);
  await expect(requestAdapter()).rejects.toThrow("this browser has no WebGPU");
});

test("the entry ./adapter loads neither tfjs nor kernels", async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL("../src/device/adapter.ts", import.meta.url))],
    conditions: ["@bn-only/source"],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((path) => /tfjs|frozen-layers|kernels/.test(path))).toEqual([]);
  expect(inputs.join()).toContain("device/gpu.ts");
});

/** A device that fails when told to. */
function fakeDevice() {
  const target = new EventTarget();
  type Loss = { reason: string; message: string };
  let resolve: (loss: Loss) => void = () => undefined;
  const promise = new Promise<Loss>((settle) => {
    resolve = settle;
  });
  const lost = { promise, resolve: (loss: Loss) => resolve(loss) };
  const device = Object.assign(target, { lost: lost.promise }) as unknown as GPUDevice;
  class GPUOutOfMemoryError {
    message = "Allocation failed.\nmore";
  }
  class GPUValidationError {
    message = "Binding 3 is missing\n - While …";
  }
  const raise = (error: object) => {
    const event = Object.assign(new Event("uncapturederror", { cancelable: true }), { error });
    target.dispatchEvent(event);
  };
  return { device, lost, raise, GPUOutOfMemoryError, GPUValidationError };
}

test("Failure: nothing happened", () => {
  const failure = new Failure(fakeDevice().device);
  expect(failure.error).toBeUndefined();
  expect(() => failure.check()).not.toThrow();
});

test("Failure: a lost device is a DeviceLostError that says how to go on", async () => {
  const { device, lost } = fakeDevice();
  const failure = new Failure(device);
  lost.resolve({ reason: "unknown", message: "The driver crashed." });
  await lost.promise;
  await Promise.resolve();
  expect(failure.error).toBeInstanceOf(DeviceLostError);
  expect(() => failure.check()).toThrow(
    "The GPU was lost (The driver crashed), and all tensors on it. Select the backend again and go on from the last checkpoint",
  );
});

test("Failure: a device that was given back on purpose is none", async () => {
  const { device, lost } = fakeDevice();
  const failure = new Failure(device);
  failure.end();
  lost.resolve({ reason: "destroyed", message: "Device was destroyed." });
  await lost.promise;
  await Promise.resolve();
  expect(failure.error).toBeUndefined();
});

test("Failure: memory that the driver does not give is an OutOfMemoryError", () => {
  const { device, raise, GPUOutOfMemoryError } = fakeDevice();
  const failure = new Failure(device);
  raise(new GPUOutOfMemoryError());
  expect(failure.error).toBeInstanceOf(OutOfMemoryError);
  expect(failure.error!.name).toBe("OutOfMemoryError");
  expect(failure.error!.message).toBe(
    "The GPU has no memory left (Allocation failed.). Select the backend again and use a smaller batch, or checkpointed blocks.",
  );
});

test("Failure: the first error counts", () => {
  const { device, raise, GPUOutOfMemoryError, GPUValidationError } = fakeDevice();
  const failure = new Failure(device);
  raise(new GPUValidationError());
  raise(new GPUOutOfMemoryError());
  expect(failure.error!.message).toContain("WebGPU refused a command (Binding 3 is missing)");
});
