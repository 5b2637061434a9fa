// A worker thread: instantiates the kernels on the shared memory and works until it is terminated.
// Plain JavaScript without imports, because it is started from its text.

const port = globalThis.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? self;

port.addEventListener("message", async ({ data }) => {
  if (data?.type !== "bn-only-wasm/start") return;
  const { module, memory, kernels, thread } = data;
  let exports;
  try {
    ({ exports } = await WebAssembly.instantiate(module, { env: { memory, abort } }));
    const first = exports.table.grow(kernels.length);
    for (const [i, kernel] of kernels.entries()) exports.table.set(first + i, exports[kernel]);
  } catch (error) {
    // Nobody hears of what an async function throws in a browser.
    port.postMessage({ type: "bn-only-wasm/failed", thread, reason: String(error) });
    return;
  }
  port.postMessage({ type: "bn-only-wasm/ready", thread });
  try {
    exports.work(thread);
  } catch (error) {
    report(exports, memory.buffer, thread, error);
  }
});
port.start?.();

function abort() {
  throw new Error("abort");
}

/** Leaves word in the shared memory: the host may be asleep and get no messages. */
function report({ CRASHED, CRASH_TEXT, CRASH_TEXT_BYTES, DONE }, buffer, thread, error) {
  const text = new TextEncoder().encode(String(error)).subarray(0, CRASH_TEXT_BYTES.value - 1);
  new Uint8Array(buffer).set([...text, 0], CRASH_TEXT.value);
  const control = new Int32Array(buffer);
  Atomics.store(control, CRASHED.value / 4, thread);
  Atomics.notify(control, DONE.value / 4);
}
