/** Whether an NVIDIA driver is there, natively or in the Linux of Windows. */
export function hasNvidiaDriver(): boolean {
  const { existsSync } = process.getBuiltinModule("node:fs");
  return ["/dev/nvidiactl", "/dev/dxg"].some((device) => existsSync(device));
}
