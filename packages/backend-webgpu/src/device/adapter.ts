import { show } from "@bn-only/errors";
import { WebgpuError } from "../errors.ts";
import { findGpu, inBrowser } from "./gpu.ts";
import { withoutWindows } from "./linux-gpu.ts";

/** What computes: a GPU, or a program that plays one. */
export interface AdapterDescription {
  /** For people: `NVIDIA H100 (nvidia, hopper)`. */
  readonly name: string;
  /** Whether it runs on the processor: SwiftShader, lavapipe, WARP. For tests only. */
  readonly software: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

/**
 * The adapter that WebGPU prefers for speed (`powerPreference: "high-performance"`): the browser's, or in
 * Node that of the npm package `webgpu`. It may be a program that plays a GPU; `describeAdapter` tells.
 *
 * @throws WebgpuError when there is no WebGPU or no adapter.
 */
export async function requestAdapter(): Promise<GPUAdapter> {
  const gpu = await findGpu();
  const adapter = await withoutWindows(() =>
    gpu.requestAdapter({ powerPreference: "high-performance" }),
  );
  if (adapter) return adapter;
  throw new WebgpuError(
    "there is WebGPU, but it finds no GPU: " +
      (inBrowser()
        ? "Chromium on Linux needs --enable-unsafe-webgpu; elsewhere chrome://gpu says what is missing"
        : "a driver for Vulkan, Metal or Direct3D 12 is needed, or, for tests, the variable VK_ICD_FILENAMES with " +
          "the path of SwiftShader's vk_swiftshader_icd.json"),
  );
}

/**
 * Name and kind of an adapter, from its `info`. Software is a fallback adapter, and one with the name of a
 * known program: SwiftShader, llvmpipe, WARP and their like.
 *
 * @throws WebgpuError for what is no adapter.
 */
export function describeAdapter(adapter: Pick<GPUAdapter, "info">): AdapterDescription {
  const { info } = Object(adapter) as Partial<GPUAdapter>;
  const { description, device, vendor, architecture } = Object(info) as GPUAdapterInfo;
  const texts = [description, device, vendor, architecture];
  if (!texts.every((text) => typeof text === "string")) {
    throw new WebgpuError(`describeAdapter: expected a GPUAdapter, got ${show(adapter)}.`);
  }
  const kind = [vendor, architecture].filter((part) => part !== "").join(", ");
  const title = description || device;
  const name = title && kind ? `${title} (${kind})` : title || kind || "a GPU without a name";
  const fallback = (info as unknown as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  const software = fallback || softwareNames.test([name, device].join(" "));
  return { name, software };
}
