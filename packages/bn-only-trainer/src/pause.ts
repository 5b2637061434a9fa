/** Lets timers, signals and the page have their turn; training steps may be fully synchronous. */
export function pause(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    const done = (): void => {
      channel.port1.close();
      resolve();
    };
    channel.port1.addEventListener("message", done, { once: true });
    channel.port1.start();
    channel.port2.postMessage(undefined);
  });
}
