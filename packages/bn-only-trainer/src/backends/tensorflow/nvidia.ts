import { nodeModule } from "./node-module.ts";

/** Whether an NVIDIA driver is there, natively or in the Linux of Windows. */
export function hasNvidiaDriver(): boolean {
  const { existsSync } = nodeModule("node:fs");
  return ["/dev/nvidiactl", "/dev/dxg"].some((device) => existsSync(device));
}
